use super::Slot;
use super::gold::text_of;
use crate::model::ArticleClaims;
use serde_json::Value;

/// What a program found in one article, reduced to what is scored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prediction {
    /// Gold's id of the article.
    pub id: String,
    /// Moves.
    pub moves: Vec<PredictedMove>,
    /// Positions.
    pub positions: Vec<PredictedPosition>,
}

/// A predicted move.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictedMove {
    /// Name.
    pub person: Option<String>,
    /// Answers, in the order of [`Slot::ALL`].
    pub slots: [Option<String>; 7],
}

impl PredictedMove {
    /// Returns the answer to `slot`.
    pub fn slot(&self, slot: Slot) -> Option<&str> {
        self.slots[slot as usize].as_deref()
    }
}

/// A predicted position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictedPosition {
    /// Name.
    pub person: Option<String>,
    /// Organisation.
    pub firm: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// Tense.
    pub tense: Option<String>,
}

impl Prediction {
    /// Returns the prediction in a JSON object `{"id", "moves", "positions"}`, or `None` where it has no id.
    ///
    /// A slot may be a text, null, or a list, of which the first item counts.
    pub fn from_json(value: &Value) -> Option<Self> {
        let rows = |name: &str| value[name].as_array().map(Vec::as_slice).unwrap_or_default();
        Some(Prediction {
            id: text_of(&value["id"])?,
            moves: rows("moves")
                .iter()
                .map(|row| PredictedMove {
                    person: one(&row["person"]),
                    slots: Slot::ALL.map(|slot| one(&row[slot.as_str()])),
                })
                .collect(),
            positions: rows("positions")
                .iter()
                .map(|row| PredictedPosition {
                    person: one(&row["person"]),
                    firm: one(&row["firm"]),
                    role: one(&row["role"]),
                    tense: one(&row["tense"]),
                })
                .collect(),
        })
    }

    /// Returns the prediction that an article's claims make.
    pub fn from_claims(id: &str, claims: &ArticleClaims) -> Self {
        let trimmed = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let word = |text: &Option<String>| text.as_deref().and_then(trimmed);
        Prediction {
            id: id.to_owned(),
            moves: claims
                .moves
                .iter()
                .map(|m| PredictedMove {
                    person: trimmed(&m.person),
                    slots: [
                        Some(m.kind.to_string()),
                        word(&m.from_firm),
                        word(&m.from_role),
                        word(&m.to_firm),
                        word(&m.to_role),
                        m.date.map(|d| d.to_string()),
                        Some(m.status.to_string()),
                    ],
                })
                .collect(),
            positions: claims
                .positions
                .iter()
                .map(|p| PredictedPosition {
                    person: trimmed(&p.person),
                    firm: word(&p.firm),
                    role: word(&p.role),
                    tense: Some(p.tense.to_string()),
                })
                .collect(),
        }
    }
}

fn one(value: &Value) -> Option<String> {
    let value = match value {
        Value::Array(items) => items.first()?,
        single => single,
    };
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}
