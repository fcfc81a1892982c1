/// Returns the 64-bit FNV-1a hash of `bytes` (Fowler, Noll & Vo). It must never change: trained weights and the tables
/// that the build writes are keyed by it.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3))
}
