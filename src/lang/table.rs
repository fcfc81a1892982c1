use crate::text::hash;

/// Words with bytes, written by the build and read in place.
///
/// Numbers are little-endian. First a `u32`, the number of buckets, a power of two; then for each bucket, and once more
/// behind the last, a `u32`, where it starts; then the entries, bucket by bucket: the word's length (`u8`), the value's
/// (`u32`), the word, the value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    starts: &'static [u8],
    entries: &'static [u8],
}

impl Default for Table {
    fn default() -> Self {
        Table { starts: &[0; 8], entries: &[] }
    }
}

impl Table {
    /// Returns the table that the build wrote as `bytes`.
    pub(crate) fn new(bytes: &'static [u8]) -> Self {
        let (starts, entries) = bytes[4..].split_at(4 * (number(bytes, 0) + 1));
        Table { starts, entries }
    }

    /// Returns what stands with `word`; nothing where the table lacks it.
    pub(crate) fn get(self, word: &str) -> &'static [u8] {
        let bucket = hash(word.as_bytes()) as usize & (self.starts.len() / 4 - 2);
        let mut rest = &self.entries[number(self.starts, bucket)..number(self.starts, bucket + 1)];
        while let Some((length, tail)) = rest.split_first() {
            let (entry, value_length) = (&tail[4..], number(tail, 0));
            let (here, entry) = entry.split_at(usize::from(*length));
            let (value, next) = entry.split_at(value_length);
            if here == word.as_bytes() {
                return value;
            }
            rest = next;
        }
        &[]
    }
}

/// Returns the `n`th number of a list of `u32`.
fn number(bytes: &[u8], n: usize) -> usize {
    let four = [bytes[4 * n], bytes[4 * n + 1], bytes[4 * n + 2], bytes[4 * n + 3]];
    u32::from_le_bytes(four) as usize
}
