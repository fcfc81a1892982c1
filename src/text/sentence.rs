use super::token::{Shape, Token};
use std::ops::Range;

/// A sentence, headline or list item: a run of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its tokens; every token belongs to exactly one sentence.
    pub tokens: Range<usize>,
    /// Number of the paragraph (block between blank lines) it stands in, from 0.
    pub paragraph: usize,
    /// Whether it ends without final punctuation at a line's end: a headline, a caption, a list item.
    pub is_line: bool,
}

/// Longest sentence in tokens; a longer one is cut, so that a text without full stops stays linear.
const MAX_TOKENS: usize = 180;

/// Returns the sentences of `text`, which tile its tokens.
///
/// A full stop ends a sentence when a capital, a digit or a quote follows; one that belongs to an abbreviation's token
/// ("dott.", "S.p.A.") does so only before a line's end or a capital pronoun or article ("in Washington D.C. He"). A line break ends one unless its block is hard-wrapped
/// (lines that begin in lower case).
pub fn sentences(text: &str, tokens: &[Token]) -> Vec<Sentence> {
    let wrapped = wrapped_blocks(text);
    let mut out = Vec::new();
    let (mut start, mut paragraph, mut block) = (0, 0, 0);
    for i in 0..tokens.len() {
        let next = tokens.get(i + 1);
        let gap = next.map_or("\n\n", |n| &text[tokens[i].span.end..n.span.start]);
        let newlines = gap.bytes().filter(|b| *b == b'\n').count();
        let blank = newlines >= 2;
        let at = tokens[i].span.end;
        while block < wrapped.len() && wrapped[block].end <= at {
            block += 1;
        }
        let hard_wrapped = wrapped.get(block).is_some_and(|b| b.start <= at && b.is_wrapped);
        let stop = final_mark(tokens, i);
        let line_break = newlines == 1
            && next.is_some_and(|n| n.shape != Shape::Lower || is_bullet(&n.lower))
            && (stop || !hard_wrapped || wrapped[block].is_short_line(text, at));
        let full_stop = (stop || ends_in_abbreviation(tokens, i))
            && newlines < 2
            && next.is_some_and(|n| n.spaced && begins_sentence(tokens, i + 1));
        let too_long = i + 1 - start >= MAX_TOKENS;
        if blank || line_break || full_stop || too_long {
            out.push(Sentence {
                tokens: start..i + 1,
                paragraph,
                is_line: !stop && (blank || line_break),
            });
            start = i + 1;
        }
        if blank {
            paragraph += 1;
        }
    }
    out
}

fn is_bullet(word: &str) -> bool {
    matches!(word, "-" | "–" | "—" | "•" | "*" | "·")
}

/// Returns whether token `i` ends a sentence, looking back through closing quotes and brackets.
fn final_mark(tokens: &[Token], i: usize) -> bool {
    let mut at = i;
    loop {
        match tokens[at].lower.as_str() {
            "." | "!" | "?" | "…" => return true,
            "\"" | "”" | "»" | "'" | "’" | ")" | "]" if at > 0 && i - at < 3 => at -= 1,
            _ => return false,
        }
    }
}

/// Returns whether token `i` is a dotted abbreviation of several letters and the next one a word that begins sentences.
fn ends_in_abbreviation(tokens: &[Token], i: usize) -> bool {
    let dots = tokens[i].lower.bytes().filter(|b| *b == b'.').count();
    dots >= 2
        && tokens.get(i + 1).is_some_and(|next| {
            next.shape == Shape::Capital && OPENERS.contains(&next.lower.as_str())
        })
}

/// Words that stand with a capital only where a sentence begins.
const OPENERS: [&str; 28] = [
    "he", "she", "it", "they", "we", "his", "her", "its", "their", "the", "this", "these", "but",
    "after", "in", "il", "gli", "è", "ha", "nel", "nella", "non", "per", "ma", "dal", "dopo", "un",
    "una",
];

fn begins_sentence(tokens: &[Token], i: usize) -> bool {
    let mut at = i;
    while at < tokens.len() && tokens[at].shape == Shape::Punct && at - i < 3 {
        if matches!(tokens[at].lower.as_str(), "," | ";" | ")" | "." | "!" | "?") {
            return false;
        }
        at += 1;
    }
    tokens.get(at).is_some_and(|t| t.shape != Shape::Lower)
}

struct Block {
    start: usize,
    end: usize,
    is_wrapped: bool,
    widest: usize,
}

impl Block {
    /// Returns whether the line that ends at byte `at` is much shorter than the block's widest: a heading above it.
    fn is_short_line(&self, text: &str, at: usize) -> bool {
        let line_start = text[..at].rfind('\n').map_or(0, |n| n + 1);
        (at - line_start) * 10 < self.widest * 6
    }
}

/// Returns the blocks between blank lines, and whether each is hard-wrapped: at least a quarter of its line breaks stand
/// before a lower-case letter.
fn wrapped_blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut start, mut at) = (0, 0);
    let (mut lines, mut lower, mut widest) = (0usize, 0usize, 0usize);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let end = at + line.len();
        if trimmed.is_empty() {
            blocks.push(Block {
                start,
                end,
                is_wrapped: lower > 0 && lower * 4 >= lines.saturating_sub(1),
                widest,
            });
            start = end;
            (lines, lower, widest) = (0, 0, 0);
        } else {
            lower += usize::from(lines > 0 && trimmed.starts_with(char::is_lowercase));
            lines += 1;
            widest = widest.max(line.len());
        }
        at = end;
    }
    blocks.push(Block {
        start,
        end: text.len() + 1,
        is_wrapped: lower > 0 && lower * 4 >= lines.saturating_sub(1),
        widest,
    });
    blocks
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::text::token::{TokenRules, tokenize};

    fn check(text: &str, expected: &[&str]) {
        let rules =
            TokenRules { elision: true, is_abbreviation: &|w| ["dott.", "mr."].contains(&w) };
        let tokens = tokenize(text, &rules);
        let got: Vec<&str> = sentences(text, &tokens)
            .iter()
            .map(|s| &text[tokens[s.tokens.start].span.start..tokens[s.tokens.end - 1].span.end])
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn an_abbreviation_ends_a_sentence_before_a_pronoun() {
        check(
            "She works in Washington D.C. They met at Alfa S.p.A. Rossi there.",
            &["She works in Washington D.C.", "They met at Alfa S.p.A. Rossi there."],
        );
    }

    #[test]
    fn a_stop_inside_an_abbreviation_ends_nothing() {
        check(
            "Il dott. Neri lascia Alfa S.p.A. di Torino. Arriva Bo.",
            &["Il dott. Neri lascia Alfa S.p.A. di Torino.", "Arriva Bo."],
        );
    }

    #[test]
    fn a_headline_is_a_sentence_and_a_wrapped_line_is_not() {
        check(
            "Alfa, via il capo\n\nNeri non sarà\npiù l'ad di\nAlfa.",
            &["Alfa, via il capo", "Neri non sarà\npiù l'ad di\nAlfa."],
        );
        check(
            "Nomina in Alfa\nNeri è il nuovo capo.",
            &["Nomina in Alfa", "Neri è il nuovo capo."],
        );
    }
}
