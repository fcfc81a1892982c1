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

/// Bits of a word's hash by which the table of words is cut into parts of four or five words.
const PART_BITS: u32 = 14;

/// Returns where a word in lower case stands in the table of words, and its leaf.
fn find(word: &str) -> Option<(usize, WordClass)> {
    // Little-endian: for each part, and once more behind the last, a `u32`, which word is its first. Then the words, sorted:
    // the upper 48 bits of a word's hash, then its leaf.
    let (starts, entries) = include_bytes!(concat!(env!("OUT_DIR"), "/word_classes.bin"))
        .split_at(4 * ((1 << PART_BITS) + 1));
    let starts: &'static [[u8; 4]] = starts.as_chunks().0;
    let entries: &'static [[u8; 8]] = entries.as_chunks().0;
    let start = |part: usize| u32::from_le_bytes(starts[part]) as usize;
    let hash = crate::text::hash(word.as_bytes());
    let part = (hash >> (64 - PART_BITS)) as usize;
    let here = entries[start(part)..start(part + 1)].iter().map(|e| u64::from_le_bytes(*e));
    let mut here = here.enumerate().filter(|(_, entry)| entry >> 16 == hash >> 16);
    here.next().map(|(n, entry)| (start(part) + n, WordClass(entry as u16)))
}

/// Returns the class of a word in lower case, `None` where it is not in the tree.
pub(crate) fn word_class(word: &str) -> Option<WordClass> {
    find(word).map(|(_, class)| class)
}

/// Numbers that stand for the meaning of a word.
pub(crate) const WORD_VECTOR: usize = 64;

/// Returns the numbers that stand for the meaning of a word in lower case, `None` where it is not in the tree;
/// `lang/word_vectors.py` makes them and says from what.
pub(crate) fn word_vector(word: &str) -> Option<[f32; WORD_VECTOR]> {
    // The steps as little-endian f32, then for each word of the table two numbers a byte, the lower four bits first.
    let (steps, vectors) =
        include_bytes!(concat!(env!("OUT_DIR"), "/word_vectors.bin")).split_at(4 * WORD_VECTOR);
    let steps: &'static [[u8; 4]] = steps.as_chunks().0;
    let vectors: &'static [[u8; WORD_VECTOR / 2]] = vectors.as_chunks().0;
    let packed = vectors[find(word)?.0];
    Some(std::array::from_fn(|i| {
        let half = packed[i / 2] >> (4 * (i % 2)) & 15;
        f32::from_le_bytes(steps[i]) * f32::from((half << 4) as i8 >> 4)
    }))
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
