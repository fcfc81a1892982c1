/// The 64-bit FNV-1a hash (Fowler, Noll & Vo) of what has been written so far. It must never change: trained weights
/// and the tables that the build writes are keyed by it.
#[derive(Clone, Copy)]
pub(crate) struct Hasher(u64);

impl Hasher {
    pub(crate) const fn new() -> Self {
        Hasher(0xcbf2_9ce4_8422_2325)
    }

    /// Goes on where the hash of something else ended.
    pub(crate) const fn at(hash: u64) -> Self {
        Hasher(hash)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub(crate) const fn finish(self) -> u64 {
        self.0
    }
}

/// Returns the [`Hasher`]'s hash of `bytes`.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = Hasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// Returns which of `n` places a hash has in a table that the build writes. (Words that differ in their last letter alone
/// differ in few bits of their hash; the product spreads these.)
pub(crate) fn place(hash: u64, n: usize) -> usize {
    let high = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    ((high * n as u64) >> 32) as usize
}
