//! Claims as JSON: one object per article, one line each in JSON Lines. Spans are half-open ranges of code points.

use crate::model::{
    Article, ArticleClaims, Evidence, Kind, Manner, Mention, MentionType, MoveClaim, PartialDate,
    PositionClaim, SlotName, Status, Tense, sha256_hex,
};
use crate::text::{CharIndex, Span};
use serde::{Deserialize, Serialize};

/// An article's claims as they stand in JSON; the slot names are those of the gold files.
#[derive(Debug, Serialize, Deserialize)]
pub struct ClaimsRecord {
    id: String,
    moves: Vec<MoveRecord>,
    positions: Vec<PositionRecord>,
    #[serde(default)]
    mentions: Vec<MentionRecord>,
    #[serde(default)]
    notes: Vec<String>,
    article: Article,
}

#[derive(Debug, Serialize, Deserialize)]
struct MoveRecord {
    person: String,
    kind: Kind,
    from_firm: Option<String>,
    from_role: Option<String>,
    to_firm: Option<String>,
    to_role: Option<String>,
    date: Option<PartialDate>,
    status: Status,
    #[serde(default)]
    manner: Option<Manner>,
    #[serde(default)]
    to_note: Option<String>,
    rule: String,
    confidence: f64,
    evidence: Vec<EvidenceRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PositionRecord {
    person: String,
    firm: Option<String>,
    role: Option<String>,
    tense: Tense,
    #[serde(default)]
    started_on: Option<PartialDate>,
    #[serde(default)]
    ended_on: Option<PartialDate>,
    rule: String,
    confidence: f64,
    evidence: Vec<EvidenceRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
struct EvidenceRecord {
    slot: String,
    start: usize,
    end: usize,
    quote: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct MentionRecord {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    mention_type: String,
    entity: String,
}

/// Returns the record of an article's claims.
pub fn to_record(claims: &ArticleClaims) -> ClaimsRecord {
    let index = CharIndex::new(&claims.article.text);
    ClaimsRecord {
        id: claims.article.id.clone(),
        moves: claims.moves.iter().map(|m| move_record(m, &index)).collect(),
        positions: claims.positions.iter().map(|p| position_record(p, &index)).collect(),
        mentions: claims
            .mentions
            .iter()
            .map(|m| MentionRecord {
                start: index.char_of(m.span.start),
                end: index.char_of(m.span.end),
                mention_type: m.mention_type.as_str().to_owned(),
                entity: m.entity.clone(),
            })
            .collect(),
        notes: claims.notes.clone(),
        article: claims.article.clone(),
    }
}

/// The keys of an article's claims, in the order of [`ArticleClaims::moves`] and [`ArticleClaims::positions`].
///
/// A key is 24 hexadecimal digits of the SHA-256 of the article's hash, a newline and the claim's JSON: the same
/// claim about the same text has the same key on every machine and in every run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimIds {
    /// Keys of the moves.
    pub moves: Vec<String>,
    /// Keys of the positions.
    pub positions: Vec<String>,
}

/// Returns the keys of `claims`.
pub fn claim_ids(claims: &ArticleClaims) -> ClaimIds {
    let index = CharIndex::new(&claims.article.text);
    let key = |json: Result<String, serde_json::Error>| {
        let json = json.expect("a record of texts and numbers is always JSON");
        let mut digest = sha256_hex(&format!("{}\n{json}", claims.article.text_sha256));
        digest.truncate(24);
        digest
    };
    ClaimIds {
        moves: claims
            .moves
            .iter()
            .map(|m| key(serde_json::to_string(&move_record(m, &index))))
            .collect(),
        positions: claims
            .positions
            .iter()
            .map(|p| key(serde_json::to_string(&position_record(p, &index))))
            .collect(),
    }
}

fn move_record(m: &MoveClaim, index: &CharIndex<'_>) -> MoveRecord {
    MoveRecord {
        person: m.person.clone(),
        kind: m.kind,
        from_firm: m.from_firm.clone(),
        from_role: m.from_role.clone(),
        to_firm: m.to_firm.clone(),
        to_role: m.to_role.clone(),
        date: m.date,
        status: m.status,
        manner: m.manner,
        to_note: m.to_note.clone(),
        rule: m.rule.clone(),
        confidence: m.confidence,
        evidence: evidence_records(&m.evidence, index),
    }
}

fn position_record(p: &PositionClaim, index: &CharIndex<'_>) -> PositionRecord {
    PositionRecord {
        person: p.person.clone(),
        firm: p.firm.clone(),
        role: p.role.clone(),
        tense: p.tense,
        started_on: p.started_on,
        ended_on: p.ended_on,
        rule: p.rule.clone(),
        confidence: p.confidence,
        evidence: evidence_records(&p.evidence, index),
    }
}

fn evidence_records(list: &[Evidence], index: &CharIndex<'_>) -> Vec<EvidenceRecord> {
    list.iter()
        .map(|e| EvidenceRecord {
            slot: e.slot.as_str().to_owned(),
            start: index.char_of(e.span.start),
            end: index.char_of(e.span.end),
            quote: e.quote.clone(),
        })
        .collect()
}

/// Returns the claims of a record, or what is wrong with it: a span outside the text, a quote that is not the text's.
pub fn from_record(record: ClaimsRecord) -> Result<ArticleClaims, String> {
    let text = record.article.text.clone();
    let index = CharIndex::new(&text);
    let span = |start: usize, end: usize| -> Result<Span, String> {
        match (index.byte_of(start), index.byte_of(end)) {
            (Some(a), Some(b)) if a <= b => Ok(Span::new(a, b)),
            _ => Err(format!("article '{}': span {start}..{end} lies outside the text", record.id)),
        }
    };
    let evidence = |list: Vec<EvidenceRecord>| -> Result<Vec<Evidence>, String> {
        list.into_iter()
            .map(|e| {
                let slot = SlotName::parse(&e.slot).ok_or_else(|| {
                    format!("article '{}': no slot is called '{}'", record.id, e.slot)
                })?;
                let span = span(e.start, e.end)?;
                if span.of(&text) != e.quote {
                    return Err(format!(
                        "article '{}': quote '{}' is not the text at {}..{} ('{}')",
                        record.id,
                        e.quote,
                        e.start,
                        e.end,
                        span.of(&text)
                    ));
                }
                Ok(Evidence { slot, span, quote: e.quote })
            })
            .collect()
    };
    let moves = record
        .moves
        .into_iter()
        .map(|m| {
            Ok(MoveClaim {
                person: m.person,
                kind: m.kind,
                status: m.status,
                manner: m.manner,
                from_firm: m.from_firm,
                from_role: m.from_role,
                to_firm: m.to_firm,
                to_role: m.to_role,
                to_note: m.to_note,
                date: m.date,
                evidence: evidence(m.evidence)?,
                rule: m.rule,
                confidence: m.confidence,
            })
        })
        .collect::<Result<_, String>>()?;
    let positions = record
        .positions
        .into_iter()
        .map(|p| {
            Ok(PositionClaim {
                person: p.person,
                firm: p.firm,
                role: p.role,
                tense: p.tense,
                started_on: p.started_on,
                ended_on: p.ended_on,
                evidence: evidence(p.evidence)?,
                rule: p.rule,
                confidence: p.confidence,
            })
        })
        .collect::<Result<_, String>>()?;
    let mentions = record
        .mentions
        .into_iter()
        .map(|m| {
            let mention_type = MentionType::parse(&m.mention_type).ok_or_else(|| {
                format!("article '{}': no mention type is called '{}'", record.id, m.mention_type)
            })?;
            Ok(Mention { span: span(m.start, m.end)?, mention_type, entity: m.entity })
        })
        .collect::<Result<_, String>>()?;
    Ok(ArticleClaims { article: record.article, moves, positions, mentions, notes: record.notes })
}
