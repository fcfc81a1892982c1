//! Why the claims of an article are what they are: what was found in each sentence, and how each slot of each move was
//! decided. Takes the same decisions again, by the same functions, with the names of their features kept.

use super::claims::{claims, drafts, move_claim};
use super::context::{Context, Side};
use super::entities::Form;
use super::events::{
    self, STATUS_CLASSES, Telling, date_candidates, firm_facts, role_candidates, role_facts,
};
use super::linear::{Features, Weights, logistic, softmax};
use super::positions::{Holding, firm_candidates, holdings, people};
use super::readings::{self, Event};
use super::{Extractor, read};
use crate::model::{Article, ArticleClaims, MoveClaim};
use crate::text::Span;
use std::ops::Range;

/// How an article was read.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What it claims.
    pub claims: ArticleClaims,
    /// What was found, sentence by sentence.
    pub sentences: Vec<ExplainedSentence>,
    /// Every move that was thought of, also those not sure enough to be claimed.
    pub moves: Vec<ExplainedMove>,
}

/// A sentence and what was found in it.
#[derive(Clone, Debug)]
pub struct ExplainedSentence {
    /// Where it stands, in bytes of the article's text.
    pub span: Span,
    /// What was found, by place; a mark may lie within another.
    pub marks: Vec<Mark>,
}

/// Words that mean something to the extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where they stand, in bytes of the article's text.
    pub span: Span,
    /// What they are.
    pub kind: MarkKind,
    /// Whether they refer by another word than a name ("she", "the company").
    pub reference: bool,
    /// What was made of them: the entity, the frame with who it tells of, the day.
    pub detail: Vec<String>,
}

/// What marked words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// A person.
    Person,
    /// An organisation.
    Firm,
    /// A title.
    Role,
    /// A day, month or year.
    Date,
    /// Words that may tell a move.
    Trigger,
    /// Words that change how far a move has come.
    Cue,
}

impl MarkKind {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            MarkKind::Person => "person",
            MarkKind::Firm => "firm",
            MarkKind::Role => "role",
            MarkKind::Date => "date",
            MarkKind::Trigger => "trigger",
            MarkKind::Cue => "cue",
        }
    }
}

/// A move that was thought of, and how each part of it was decided.
#[derive(Clone, Debug)]
pub struct ExplainedMove {
    /// The move.
    pub claim: MoveClaim,
    /// Whether it is among the claims: sure enough, and not told more surely by other words.
    pub claimed: bool,
    /// How it was decided.
    pub decisions: Vec<Decision>,
}

/// A choice that a trained model made.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What was decided: `claimed` (all of it is right), `real` (anything of it is), `reading`, or a slot.
    pub what: &'static str,
    /// The words that decided it, where it was decided for one trigger.
    pub trigger: Option<Span>,
    /// What was chosen, the runner-up, and so on.
    pub candidates: Vec<Candidate>,
}

/// What a model could choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// A name, a title, a reading; `–` for none.
    pub value: String,
    /// How likely the model takes it for.
    pub probability: f32,
    /// The features that weigh most, heaviest first, each with its weight.
    pub features: Vec<(String, f32)>,
}

/// How many candidates of a decision are told, and how many features of each.
const N_CANDIDATES: usize = 3;
const N_FEATURES: usize = 8;

const NONE: &str = "–";

impl Extractor {
    /// Returns how `article` was read. Never fails; slower than [`Extractor::extract`].
    pub fn explain(&self, article: &Article) -> Explanation {
        let cut = super::shortened(article);
        let readable = cut.as_ref().unwrap_or(article);
        let mut features = Features::new(true);
        let f = &mut features;
        let context = read(readable, &self.gazetteer, &self.weights, f);
        let holdings = holdings(&context, &self.weights, f);
        let tellings = events::tellings(&context, &holdings, &self.weights, f);
        let claims = claims(article, &context, &self.weights, &self.options, Vec::new(), f);
        let article = Explained { context: &context, holdings, tellings, weights: &self.weights };
        let mut moves = article.moves(f);
        for explained in &mut moves {
            explained.claimed = claims.moves.iter().any(|m| {
                (&m.person, m.kind, &m.from_firm, &m.to_firm, m.confidence)
                    == (
                        &explained.claim.person,
                        explained.claim.kind,
                        &explained.claim.from_firm,
                        &explained.claim.to_firm,
                        explained.claim.confidence,
                    )
            });
        }
        Explanation { sentences: article.sentences(), moves, claims }
    }
}

struct Explained<'a> {
    context: &'a Context<'a>,
    holdings: Vec<Holding>,
    tellings: Vec<Telling>,
    weights: &'a Weights,
}

impl Explained<'_> {
    fn sentences(&self) -> Vec<ExplainedSentence> {
        let doc = &self.context.doc;
        let mut sentences: Vec<ExplainedSentence> = doc
            .sentences
            .iter()
            .map(|s| ExplainedSentence { span: doc.span(&s.tokens), marks: Vec::new() })
            .collect();
        let mut mark = |tokens: &Range<usize>, kind, reference, detail| {
            let n = doc.sentence_of[tokens.start] as usize;
            sentences[n].marks.push(Mark { span: doc.span(tokens), kind, reference, detail });
        };
        for r in &self.context.entities.refs {
            let entity = &self.context.entities.list[r.entity];
            let kind = if entity.is_person { MarkKind::Person } else { MarkKind::Firm };
            mark(&r.tokens, kind, r.form != Form::Name, vec![entity.name.clone()]);
        }
        for (n, role) in self.context.roles.iter().enumerate() {
            let held = self.holdings.iter().filter(|h| h.role == Some(n)).map(|h| {
                let former = if h.former { "formerly " } else { "" };
                let firm = h.firm.map_or(String::new(), |x| format!(" at {}", self.name(Some(x))));
                let sure = percent(h.p_person * h.p_firm);
                format!("{former}{}{firm} ({sure})", self.name(Some(h.person)))
            });
            mark(&role.tokens, MarkKind::Role, false, held.collect());
        }
        for date in &self.context.dates {
            mark(&date.tokens, MarkKind::Date, false, vec![date.date.to_string()]);
        }
        for (n, trigger) in doc.triggers.iter().enumerate() {
            let pack = doc.packs[doc.sentence_of[trigger.tokens.start] as usize];
            let mut detail = vec![pack.frames[trigger.frame].id.clone()];
            detail.extend(self.tellings.iter().filter(|t| t.trigger == n).map(|t| self.told(t)));
            mark(&trigger.tokens, MarkKind::Trigger, false, detail);
        }
        for cue in &doc.cues {
            mark(&cue.tokens, MarkKind::Cue, false, vec![cue.class.as_str().to_owned()]);
        }
        for sentence in &mut sentences {
            sentence.marks.sort_by_key(|m| (m.span.start, usize::MAX - m.span.end, m.kind));
            sentence.marks.dedup();
        }
        sentences
    }

    /// Returns a line such as `Ada Blu (93 %): Acme → Borealis, completed`.
    fn told(&self, t: &Telling) -> String {
        format!(
            "{} ({}): {} → {}, {}",
            self.name(Some(t.person)),
            percent(t.p),
            self.name(t.from.0),
            self.name(t.to.0),
            &STATUS_CLASSES[events::best(&t.status)][1..]
        )
    }

    fn name(&self, entity: Option<usize>) -> String {
        entity.map_or(NONE.to_owned(), |e| self.context.entities.list[e].name.clone())
    }

    fn moves(&self, f: &mut Features) -> Vec<ExplainedMove> {
        let drafts = drafts(self.context, &self.holdings, &self.tellings, self.weights, f);
        drafts
            .iter()
            .map(|draft| {
                let (decisions, p) = self.decisions(draft, &drafts, f);
                let event = Event { p, ..draft.clone() };
                let claim = move_claim(self.context, &self.tellings, &event, self.weights);
                ExplainedMove { claim, claimed: false, decisions }
            })
            .collect()
    }

    /// Returns how an event was decided, and how sure it is; `all` are the article's.
    fn decisions(&self, event: &Event, all: &[Event], f: &mut Features) -> (Vec<Decision>, f32) {
        let (context, tellings, holdings) = (self.context, &self.tellings, &self.holdings);
        let readings: Vec<(String, Scored)> = readings::readings(tellings, holdings, event)
            .iter()
            .map(|reading| {
                readings::reading_features(context, tellings, holdings, event, reading, f);
                let (kind, from, to) = *reading;
                let value = format!("{kind}: {} → {}", self.name(from), self.name(to));
                (value, self.scored(f))
            })
            .collect();
        let reading = Decision { what: "reading", trigger: None, candidates: softmaxed(readings) };
        readings::keep_features(context, tellings, holdings, event, all, f);
        let (claimed, p) = self.likely("claimed", f);
        readings::real_features(context, tellings, holdings, (event, p), all, f);
        let (real, _) = self.likely("real", f);
        let status = event.status as usize;
        let surest = |sure: &dyn Fn(&Telling) -> f32| {
            let of = |i: &usize| sure(&tellings[*i]);
            let best = event.tellings.iter().max_by(|a, b| of(a).total_cmp(&of(b)).then(b.cmp(a)));
            &tellings[best.copied().unwrap_or(event.tellings[0])]
        };
        let one = |yes: bool, p: f32| if yes { 1.0 + p } else { 0.0 };
        let mut out = vec![claimed, real, reading, self.person(surest(&|t| t.p), f)];
        let from = surest(&|t| one(t.from.0 == event.from, t.from.1 * t.p));
        out.push(self.firm("from_firm", Side::Leave, from, f));
        let to = surest(&|t| one(t.to.0 == event.to, t.to.1 * t.p));
        out.push(self.firm("to_firm", Side::Join, to, f));
        let from = surest(&|t| one(t.from_role.0 == event.from_role, t.from_role.1 * t.p));
        out.push(self.role("from_role", "rolefrom", from, (from.from.0, from.to.0), f));
        let to = surest(&|t| one(t.to_role.0 == event.to_role, t.to_role.1 * t.p));
        out.push(self.role("to_role", "roleto", to, (to.to.0, to.from.0), f));
        out.push(self.date(surest(&|t| one(t.date == event.date, t.p)), f));
        out.push(self.status(surest(&|t| t.status[status] * t.p), f));
        (out, p)
    }

    /// Returns the decision of yes or no for which `f` is filled, and how likely yes is.
    fn likely(&self, what: &'static str, f: &mut Features) -> (Decision, f32) {
        let Scored { score, features } = self.scored(f);
        let probability = logistic(score);
        let value =
            if probability >= 0.5 { "more likely than not" } else { "less likely than not" };
        let candidate = Candidate { value: value.to_owned(), probability, features };
        (Decision { what, trigger: None, candidates: vec![candidate] }, probability)
    }

    fn decision(&self, what: &'static str, t: &Telling, candidates: Vec<Candidate>) -> Decision {
        let tokens = &self.context.doc.triggers[t.trigger].tokens;
        Decision { what, trigger: Some(self.context.doc.span(tokens)), candidates }
    }

    fn person(&self, t: &Telling, f: &mut Features) -> Decision {
        let anchor = self.context.trigger_anchor(&self.context.doc.triggers[t.trigger], t.suffix);
        let candidates = people(self.context, self.weights, "tp", &anchor, f)
            .into_iter()
            .take(N_CANDIDATES)
            .map(|(person, mention, reach, probability)| {
                self.context.person_features("tp", &anchor, person, mention.as_ref(), reach, f);
                let value = self.name(Some(person));
                Candidate { value, probability, features: self.scored(f).features }
            })
            .collect();
        self.decision("person", t, candidates)
    }

    fn firm(&self, what: &'static str, side: Side, t: &Telling, f: &mut Features) -> Decision {
        let anchor = self.context.trigger_anchor(&self.context.doc.triggers[t.trigger], t.suffix);
        let near = if t.side == Side::Join { t.to.0 } else { t.from.0 };
        let other = if t.side == side { None } else { near };
        let facts = firm_facts(&self.holdings, t.person, other, &t.seen);
        let model = if side == Side::Join { "tt" } else { "tf" };
        let candidates = firm_candidates(self.context, &anchor, &facts)
            .into_iter()
            .map(|firm| {
                self.context.firm_features(model, &anchor, t.person, firm, &facts, f);
                (self.name(firm), self.scored(f))
            })
            .collect();
        self.decision(what, t, softmaxed(candidates))
    }

    fn role(
        &self,
        what: &'static str,
        model: &str,
        t: &Telling,
        (side_firm, other_firm): (Option<usize>, Option<usize>),
        f: &mut Features,
    ) -> Decision {
        let anchor = self.context.trigger_anchor(&self.context.doc.triggers[t.trigger], t.suffix);
        let candidates = role_candidates(self.context, &self.holdings, &anchor, t.person)
            .into_iter()
            .map(Some)
            .chain([None])
            .map(|role| {
                let number = role.unwrap_or(usize::MAX);
                let facts = role_facts(&self.holdings, number, t.person, side_firm, other_firm);
                self.context.role_features(model, &anchor, role, &facts, f);
                let words = role.map(|r| self.context.doc.words(&self.context.roles[r].tokens));
                (words.unwrap_or(NONE).to_owned(), self.scored(f))
            })
            .collect();
        self.decision(what, t, softmaxed(candidates))
    }

    fn date(&self, t: &Telling, f: &mut Features) -> Decision {
        let anchor = self.context.trigger_anchor(&self.context.doc.triggers[t.trigger], t.suffix);
        let candidates = date_candidates(self.context, &anchor)
            .into_iter()
            .map(|date| {
                self.context.date_features(&anchor, date, f);
                let value =
                    date.map_or(NONE.to_owned(), |d| self.context.dates[d].date.to_string());
                (value, self.scored(f))
            })
            .collect();
        self.decision("date", t, softmaxed(candidates))
    }

    fn status(&self, t: &Telling, f: &mut Features) -> Decision {
        let anchor = self.context.trigger_anchor(&self.context.doc.triggers[t.trigger], t.suffix);
        let date = t.date.map(|d| self.context.dates[d].date);
        self.context.status_features(&anchor, date, &t.seen, f);
        let candidates = STATUS_CLASSES
            .iter()
            .enumerate()
            .map(|(n, class)| {
                let of_class =
                    |id: &u64| (*id, self.weights.class_weights(*id, &STATUS_CLASSES)[n]);
                (class[1..].to_owned(), Scored::new(f.ids.iter().map(of_class), f))
            })
            .collect();
        self.decision("status", t, softmaxed(candidates))
    }

    /// Returns what the features that `f` holds weigh.
    fn scored(&self, f: &Features) -> Scored {
        Scored::new(f.ids.iter().map(|id| (*id, self.weights.weight(*id))), f)
    }
}

/// What a candidate weighs, and its heaviest features.
struct Scored {
    score: f32,
    features: Vec<(String, f32)>,
}

impl Scored {
    fn new(weights: impl Iterator<Item = (u64, f32)>, f: &Features) -> Scored {
        let mut all: Vec<(u64, f32)> = weights.filter(|(_, w)| *w != 0.0).collect();
        let score = all.iter().map(|(_, w)| w).sum();
        all.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        all.truncate(N_FEATURES);
        let name = |id: u64| f.names.as_ref().and_then(|names| names.get(&id)).cloned();
        let features = all.into_iter().map(|(id, w)| (name(id).unwrap_or_default(), w)).collect();
        Scored { score, features }
    }
}

/// Returns the likeliest candidates, first come first where two are equal.
fn softmaxed(candidates: Vec<(String, Scored)>) -> Vec<Candidate> {
    let scores: Vec<f32> = candidates.iter().map(|(_, scored)| scored.score).collect();
    let mut out: Vec<Candidate> = candidates
        .into_iter()
        .zip(softmax(&scores))
        .map(|((value, s), probability)| Candidate { value, probability, features: s.features })
        .collect();
    out.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    out.truncate(N_CANDIDATES);
    out
}

fn percent(p: f32) -> String {
    format!("{:.0} %", p * 100.0)
}
