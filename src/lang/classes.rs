//! What a word means, roughly: its place in a tree of words with like meanings, Italian and English in one tree, so that
//! what was learnt of "insurer" holds for "assicuratore". `lang/word_classes.py` makes the tree and says from what.

/// A leaf of the tree; words that share the first bits of their leaves are alike, the more bits the more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WordClass(u16);

/// Bits of a leaf.
const BITS: u32 = 11;

impl WordClass {
    /// Returns the branch of the leaf: its first `bits`, of 11.
    pub(crate) fn branch(self, bits: u32) -> u16 {
        self.0 >> (BITS - bits)
    }
}

/// Returns the class of a word in lower case, `None` where it is not in the tree.
pub(crate) fn word_class(word: &str) -> Option<WordClass> {
    // Sorted little-endian numbers: the upper 48 bits of a word's hash, then its leaf.
    let entries: &'static [[u8; 8]] =
        include_bytes!(concat!(env!("OUT_DIR"), "/word_classes.bin")).as_chunks().0;
    let wanted = crate::text::hash(word.as_bytes()) >> 16;
    let at = entries.partition_point(|e| u64::from_le_bytes(*e) >> 16 < wanted);
    let entry = u64::from_le_bytes(*entries.get(at)?);
    (entry >> 16 == wanted).then_some(WordClass(entry as u16))
}

#[cfg(test)]
mod tests {
    use super::word_class;

    #[test]
    fn words_of_like_meaning_share_a_branch() {
        let branch = |word| word_class(word).map(|c| c.branch(5));
        assert_eq!(branch("university"), branch("università"));
        assert_ne!(branch("university"), branch("resigned"));
        assert_eq!(branch("qwxzq"), None);
    }
}
