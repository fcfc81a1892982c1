//! Marked articles: where exactly each person, organisation, title and move of the gold stands.
//!
//! `corpus/marks/ID.txt` holds header lines (`P1 = Ada Neri`, `F1 = Altavia`), a line `---` and the article's text with
//! marks `{label|words}` put in, which may nest: `P1` a mention of a person, `F1` of an organisation, `R P1 F1 c` a
//! title of the person at the organisation (`c`urrent, `f`ormer or `u`nheld), `H P1 F1 f` other words that tell a job,
//! `M0 M2` words that tell these moves of the gold. An empty `{P1|}` stands before a verb whose subject is left out.

use crate::extract::doc::Doc;
use std::collections::BTreeMap;
use std::ops::Range;

/// The marks of an article as read from its file, places counted in visible characters.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    names: BTreeMap<String, String>,
    marks: Vec<(String, Range<usize>)>,
    visible: Vec<char>,
}

fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{ad}' | '\u{feff}' | '\u{200b}')
}

impl Marks {
    /// Reads a marked article.
    ///
    /// # Errors
    /// Says what is wrong with the header or the marks, in a sentence.
    pub fn parse(file: &str) -> Result<Marks, String> {
        let (head, body) = file.split_once("\n---\n").ok_or("no line `---` after the header")?;
        let mut marks = Marks::default();
        for line in head.lines() {
            let (id, name) =
                line.split_once(" = ").ok_or_else(|| format!("header line {line:?} is no name"))?;
            marks.names.insert(id.to_owned(), name.trim().to_owned());
        }
        let mut open: Vec<(String, usize)> = Vec::new();
        let mut chars = body.chars();
        while let Some(c) = chars.next() {
            match c {
                '{' => {
                    let label: String = chars.by_ref().take_while(|c| *c != '|').collect();
                    for id in label
                        .split(' ')
                        .filter(|id| id.starts_with(['P', 'F']) && id[1..].parse::<u32>().is_ok())
                    {
                        if !marks.names.contains_key(id) {
                            return Err(format!("{id} is not in the header"));
                        }
                    }
                    open.push((label, marks.visible.len()));
                }
                '}' => {
                    let (label, start) =
                        open.pop().ok_or("a mark is closed that was not opened")?;
                    marks.marks.push((label, start..marks.visible.len()));
                }
                c if is_visible(c) => marks.visible.push(c),
                _ => {}
            }
        }
        match open.pop() {
            Some((label, _)) => Err(format!("mark {label:?} is not closed")),
            None => Ok(marks),
        }
    }

    /// Returns the marks as token ranges of the article they belong to.
    ///
    /// # Errors
    /// When the marked text is not the article's.
    pub(crate) fn place(&self, doc: &Doc<'_>) -> Result<Placed, String> {
        let own: Vec<(usize, char)> =
            doc.text.char_indices().filter(|(_, c)| is_visible(*c)).collect();
        let skipped = self.visible.len().checked_sub(own.len()).ok_or("the text is shorter")?;
        if let Some(at) = (0..own.len()).find(|i| own[*i].1 != self.visible[skipped + i]) {
            let near: String = own[at.saturating_sub(10)..].iter().take(25).map(|x| x.1).collect();
            return Err(format!("the text differs near {near:?}"));
        }
        let mut token_of = vec![0; own.len() + 1];
        let mut token = 0;
        for (i, (byte, _)) in own.iter().enumerate() {
            while token < doc.tokens.len() && doc.tokens[token].span.end <= *byte {
                token += 1;
            }
            token_of[i] = token;
        }
        token_of[own.len()] = doc.tokens.len();
        let mut placed = Placed::default();
        let number = |id: &str, all: &mut Vec<Named>| -> Option<usize> {
            let name = self.names.get(id)?;
            Some(all.iter().position(|e| e.id == id).unwrap_or_else(|| {
                all.push(Named {
                    id: id.to_owned(),
                    name: name.clone(),
                    is_person: id.starts_with('P'),
                });
                all.len() - 1
            }))
        };
        let mut all = Vec::new();
        for (label, range) in &self.marks {
            let (Some(start), Some(end)) =
                (range.start.checked_sub(skipped), range.end.checked_sub(skipped))
            else {
                continue;
            };
            let tokens = if start == end {
                token_of[start]..token_of[start]
            } else {
                token_of[start]..token_of[end - 1] + 1
            };
            let words: Vec<&str> = label.split(' ').collect();
            match words.as_slice() {
                [id] if id.starts_with(['P', 'F']) => {
                    if let Some(entity) = number(id, &mut all) {
                        placed.mentions.push((tokens, entity));
                    }
                }
                [kind @ ("R" | "H"), person, firm, tense] => {
                    let held = HeldMark {
                        tokens,
                        person: number(person, &mut all),
                        firm: number(firm, &mut all),
                        former: *tense == "f",
                        unheld: *tense == "u",
                    };
                    if *kind == "R" {
                        placed.roles.push(held);
                    } else {
                        placed.held.push(held);
                    }
                }
                moves => placed.told.push((
                    tokens,
                    moves.iter().filter_map(|m| m.strip_prefix('M')?.parse().ok()).collect(),
                )),
            }
        }
        placed.entities = all;
        Ok(placed)
    }
}

/// An entity of the header.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    id: String,
    pub(crate) name: String,
    pub(crate) is_person: bool,
}

/// A title, or words that tell a job.
#[derive(Clone, Debug)]
pub(crate) struct HeldMark {
    pub(crate) tokens: Range<usize>,
    pub(crate) person: Option<usize>,
    pub(crate) firm: Option<usize>,
    pub(crate) former: bool,
    pub(crate) unheld: bool,
}

/// The marks of an article as token ranges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Placed {
    pub(crate) entities: Vec<Named>,
    /// Mentions with the number of their entity.
    pub(crate) mentions: Vec<(Range<usize>, usize)>,
    pub(crate) roles: Vec<HeldMark>,
    pub(crate) held: Vec<HeldMark>,
    /// Words that tell moves, with the numbers of the moves.
    pub(crate) told: Vec<(Range<usize>, Vec<usize>)>,
}
