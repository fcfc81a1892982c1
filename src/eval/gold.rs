use super::Slot;
use crate::model::{
    Article, ArticleClaims, Evidence, Kind, Mention, MentionType, MoveClaim, PartialDate,
    PositionClaim, SlotName, Status, Tense,
};
use crate::text::Span;
use serde::Deserialize;
use serde_json::Value;

/// What a careful analyst would record from one article.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldArticle {
    /// Name of the article, unique in its folder.
    pub id: String,
    /// `it` or `en`; where the file has none, what stands before the first hyphen of the id.
    pub language: String,
    /// Moves.
    pub moves: Vec<GoldMove>,
    /// Positions.
    pub positions: Vec<GoldPosition>,
}

/// A move of the gold.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldMove {
    /// Fullest form of the name in the text.
    pub person: String,
    /// Acceptable answers, in the order of [`Slot::ALL`].
    pub slots: [Answers; 7],
    /// Whether a good analyst might leave it out.
    pub optional: bool,
}

impl GoldMove {
    /// Returns the answers to `slot`.
    pub fn slot(&self, slot: Slot) -> &Answers {
        &self.slots[slot as usize]
    }
}

/// A position of the gold.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldPosition {
    /// Fullest form of the name in the text.
    pub person: String,
    /// Acceptable organisations.
    pub firm: Answers,
    /// Acceptable roles.
    pub role: Answers,
    /// Acceptable tenses.
    pub tense: Answers,
    /// Whether a good analyst might leave it out.
    pub optional: bool,
}

/// The acceptable answers to one slot, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Answers.
    pub answers: Vec<String>,
    /// Whether leaving the slot empty is right too.
    pub nullable: bool,
}

impl Answers {
    /// Returns the answers of a gold slot: null, a text, or a list of texts and null.
    fn of(value: &Value) -> Self {
        let items = match value {
            Value::Null => return Answers { answers: Vec::new(), nullable: true },
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let answers: Vec<String> = items.iter().filter_map(text_of).collect();
        Answers { nullable: items.is_empty() || answers.len() < items.len(), answers }
    }
}

/// Returns a JSON value as an answer; `None` for null and the empty text.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        other => Some(other.to_string()),
    }
}

#[derive(Deserialize)]
struct File {
    id: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    moves: Vec<Value>,
    #[serde(default)]
    positions: Vec<Value>,
}

impl GoldArticle {
    /// Returns the gold of one article from the JSON of its file.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(json)?;
        let person = |row: &Value| text_of(&row["person"]).unwrap_or_default();
        let is_optional = |row: &Value| row["optional"].as_bool().unwrap_or(false);
        let language = file
            .language
            .unwrap_or_else(|| file.id.split('-').next().unwrap_or_default().to_owned());
        Ok(GoldArticle {
            language,
            moves: file
                .moves
                .iter()
                .map(|row| GoldMove {
                    person: person(row),
                    slots: Slot::ALL.map(|slot| Answers::of(&row[slot.as_str()])),
                    optional: is_optional(row),
                })
                .collect(),
            positions: file
                .positions
                .iter()
                .map(|row| GoldPosition {
                    person: person(row),
                    firm: Answers::of(&row["firm"]),
                    role: Answers::of(&row["role"]),
                    tense: Answers::of(&row["tense"]),
                    optional: is_optional(row),
                })
                .collect(),
            id: file.id,
        })
    }

    /// Returns the required rows as the claims that a perfect extraction of `article` would make.
    ///
    /// For tests of what comes after extraction. Each slot takes the best answer that stands in the text, grounded there;
    /// an answer that the text words differently (a date, "CEO" for "amministratrice delegata") is grounded in the line
    /// that names the person.
    pub fn to_claims(&self, article: &Article) -> ArticleClaims {
        let text = article.text.as_str();
        let mut mentions = Vec::new();
        let moves = self.moves.iter().filter(|m| !m.optional).map(|m| {
            let mut ground = Ground::new(text, &m.person);
            let mut slot = |slot, name| ground.slot(m.slot(slot), name);
            let kind = slot(Slot::Kind, None).and_then(|k| Kind::parse(&k));
            let status = slot(Slot::Status, None).and_then(|s| Status::parse(&s));
            let from_firm = slot(Slot::FromFirm, Some(SlotName::FromFirm));
            let from_role = slot(Slot::FromRole, Some(SlotName::FromRole));
            let to_firm = slot(Slot::ToFirm, Some(SlotName::ToFirm));
            let to_role = slot(Slot::ToRole, Some(SlotName::ToRole));
            let date = slot(Slot::Date, Some(SlotName::Date)).and_then(|d| PartialDate::parse(&d));
            add_mentions(&mut mentions, text, &m.person, MentionType::Person);
            for firm in [&from_firm, &to_firm].into_iter().flatten() {
                add_mentions(&mut mentions, text, firm, MentionType::Firm);
            }
            MoveClaim {
                person: m.person.clone(),
                kind: kind.unwrap_or(Kind::Hire),
                status: status.unwrap_or(Status::Completed),
                manner: None,
                from_firm,
                from_role,
                to_firm,
                to_role,
                to_note: None,
                date,
                evidence: ground.evidence,
                rule: "gold".to_owned(),
                confidence: 1.0,
            }
        });
        let moves: Vec<MoveClaim> = moves.collect();
        let positions = self.positions.iter().filter(|p| !p.optional).map(|p| {
            let mut ground = Ground::new(text, &p.person);
            let firm = ground.slot(&p.firm, Some(SlotName::Firm));
            let role = ground.slot(&p.role, Some(SlotName::Role));
            let tense = ground.slot(&p.tense, None).and_then(|t| Tense::parse(&t));
            add_mentions(&mut mentions, text, &p.person, MentionType::Person);
            if let Some(firm) = &firm {
                add_mentions(&mut mentions, text, firm, MentionType::Firm);
            }
            PositionClaim {
                person: p.person.clone(),
                firm,
                role,
                tense: tense.unwrap_or(Tense::Current),
                started_on: None,
                ended_on: None,
                evidence: ground.evidence,
                rule: "gold".to_owned(),
                confidence: 1.0,
            }
        });
        let positions = positions.collect();
        mentions.sort();
        mentions.dedup();
        ArticleClaims { article: article.clone(), moves, positions, mentions, notes: Vec::new() }
    }
}

/// Looks for answers in a text, near the person they are about.
struct Ground<'a> {
    text: &'a str,
    line: Span,
    evidence: Vec<Evidence>,
}

impl<'a> Ground<'a> {
    fn new(text: &'a str, person: &str) -> Self {
        let span = occurrences(text, person).next();
        // Names that the text never gives in full stand in some line all the same: the one with the surname.
        let surname = person.split(' ').next_back().unwrap_or(person);
        let near = span.or_else(|| occurrences(text, surname).next()).unwrap_or_default();
        let start = text[..near.start].rfind('\n').map_or(0, |i| i + 1);
        let end = text[near.end..].find('\n').map_or(text.len(), |i| near.end + i);
        let line = Span::new(start, end);
        let mut ground = Ground { text, line, evidence: Vec::new() };
        ground.add(SlotName::Person, if near.is_empty() { line } else { near });
        ground.add(SlotName::Sentence, line);
        ground
    }

    fn add(&mut self, slot: SlotName, span: Span) {
        let quote = span.of(self.text).to_owned();
        self.evidence.push(Evidence { slot, span, quote });
    }

    fn slot(&mut self, answers: &Answers, name: Option<SlotName>) -> Option<String> {
        let best = answers.answers.first()?;
        let Some(name) = name else { return Some(best.clone()) };
        let found = answers.answers.iter().find_map(|answer| {
            // The nearest after the line's start, else the first of all.
            let all: Vec<Span> = occurrences(self.text, answer).collect();
            let span = all.iter().find(|s| s.start >= self.line.start).or(all.first())?;
            Some((answer.clone(), *span))
        });
        let (answer, span) = found.unwrap_or_else(|| (best.clone(), self.line));
        self.add(name, span);
        Some(answer)
    }
}

fn occurrences<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = Span> + 'a {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words)
        .filter(move |(at, found)| {
            !found.is_empty()
                && !is_word(text[..*at].chars().next_back())
                && !is_word(text[at + found.len()..].chars().next())
        })
        .map(|(at, found)| Span::new(at, at + found.len()))
}

fn add_mentions(mentions: &mut Vec<Mention>, text: &str, entity: &str, mention_type: MentionType) {
    mentions.extend(occurrences(text, entity).map(|span| Mention {
        span,
        mention_type,
        entity: entity.to_owned(),
    }));
}
