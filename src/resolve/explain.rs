//! Why names are one person or organisation, and where that is least clear.

use super::claims::{ClaimSet, Facts};
use super::cluster::Why;
use super::decisions::{self, Action, Decision, NameAt};
use super::evidence::SAME_PERSON;
use super::firm_doubts::FirmWork;
use super::firms::{self, Firms, Seen};
use super::people::{self, Place, Traced, Weighed};
use super::person_name::PersonName;
use super::titles;
use crate::knowledge::Knowledge;
use crate::model::MentionType;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Two names that may be one person's or organisation's, with what speaks for and against it.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// What both are.
    pub mention_type: MentionType,
    /// A name.
    pub one: NameAt,
    /// The other.
    pub other: NameAt,
    /// Whether the dataset has them as one.
    pub together: bool,
    /// Sum of the reasons; from [`SAME_PERSON`] on two names are one person. Organisations are not weighed: 0.
    pub score: f64,
    /// What counts, and how much.
    pub reasons: Vec<(&'static str, f64)>,
    /// For organisations: what is known of the pair, in words.
    pub facts: Vec<String>,
}

/// Why names are one, or two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// From one to the other; empty where they are two.
    pub steps: Vec<Step>,
    /// What is known of two that stayed two; of people `None` where their names were not compared.
    pub weighed: Option<Doubt>,
    /// The person who comes closest to being the same one too, and is not.
    pub runner_up: Option<Doubt>,
}

/// Two names that were joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// A name; firms have no article, as a name of theirs means one firm in most articles.
    pub one: NameAt,
    /// The other.
    pub other: NameAt,
    /// What joined them, in words.
    pub why: &'static str,
    /// Where evidence did: what counted, and how much.
    pub evidence: Option<Doubt>,
}

/// Returns the pairs of people's names whose score is no further than `margin` from the one that decides, the closest
/// first, and among them in turn the pairs of organisations that rest on little or nearly came together: where the
/// dataset is likeliest to be wrong. What the user decided is in no doubt.
pub fn doubts(
    set: ClaimSet,
    knowledge: &Knowledge,
    decisions: &[Decision],
    margin: f64,
) -> Vec<Doubt> {
    let work = Work::of(set, knowledge, decisions, SAME_PERSON - margin, &|_| true);
    let near = work.traced.weighed.iter().filter(|pair| pair.score <= SAME_PERSON + margin);
    let mut doubts: Vec<Doubt> = near.map(|pair| work.doubt(pair)).collect();
    let distance = |doubt: &Doubt| (doubt.score - SAME_PERSON).abs();
    doubts.sort_by(|a, b| {
        distance(a)
            .total_cmp(&distance(b))
            .then_with(|| (&a.one, &a.other).cmp(&(&b.one, &b.other)))
    });
    let decided = |a: &NameAt, b: &NameAt| {
        decisions.iter().any(|d| match &d.action {
            Action::Same(MentionType::Firm, x, y) | Action::Different(MentionType::Firm, x, y) => {
                (x, y) == (a, b) || (x, y) == (b, a)
            }
            _ => false,
        })
    };
    let mut firms = work.firm_work(knowledge).doubts(&decided).into_iter();
    let mut in_turn = Vec::new();
    for doubt in doubts {
        in_turn.push(doubt);
        in_turn.extend(firms.next());
    }
    in_turn.extend(firms);
    in_turn
}

/// Returns why one of the names in `ones` is the same person or organisation as one in `others`, or is not.
pub fn explain(
    set: ClaimSet,
    knowledge: &Knowledge,
    decisions: &[Decision],
    mention_type: MentionType,
    ones: &[NameAt],
    others: &[NameAt],
) -> Explanation {
    let asked: Vec<PersonName> =
        ones.iter().chain(others).map(|at| PersonName::parse(&at.name)).collect();
    let is_asked = |name: &str| asked.contains(&PersonName::parse(name));
    let work = Work::of(set, knowledge, decisions, f64::NEG_INFINITY, &is_asked);
    let places = |list: &[NameAt]| -> Vec<Place> {
        list.iter().filter_map(|at| work.facts.place(at)).collect()
    };
    let (ones, others) = (places(ones), places(others));
    match mention_type {
        MentionType::Person => work.people(&ones, &others),
        MentionType::Firm => work.firms(&ones, &others, knowledge),
    }
}

struct Work {
    facts: Facts,
    firms: Firms,
    seen: Seen,
    traced: Traced,
}

impl Work {
    /// Resolves the claims; of the pairs that stayed two it keeps those with a name that `keep` wants.
    fn of(
        mut set: ClaimSet,
        knowledge: &Knowledge,
        decisions: &[Decision],
        floor: f64,
        keep: &dyn Fn(&str) -> bool,
    ) -> Self {
        let mut notes = Vec::new();
        decisions::apply(&mut set, decisions, &mut notes);
        let facts = set.seal();
        let titles = titles(&facts, knowledge);
        let told = decisions::told(&facts, decisions, MentionType::Firm, &mut notes);
        let (firms, seen) = firms::traced(&facts, knowledge, &told, &mut notes);
        let told = decisions::told(&facts, decisions, MentionType::Person, &mut notes);
        let keep = |a: Place, b: Place| keep(facts.text(a.1)) || keep(facts.text(b.1));
        let traced =
            people::weigh(&facts, &firms, &titles, knowledge, &told, floor, &keep, &mut notes);
        Work { facts, firms, seen, traced }
    }

    fn firm_work<'a>(&'a self, knowledge: &'a Knowledge) -> FirmWork<'a> {
        FirmWork { facts: &self.facts, firms: &self.firms, seen: &self.seen, knowledge }
    }

    fn name_at(&self, (article, name): Place) -> NameAt {
        NameAt {
            article: self.facts.articles[article as usize].sha.to_string(),
            name: self.facts.text(name).to_owned(),
        }
    }

    fn doubt(&self, pair: &Weighed) -> Doubt {
        Doubt {
            mention_type: MentionType::Person,
            one: self.name_at(pair.a),
            other: self.name_at(pair.b),
            together: pair.together,
            score: pair.score,
            reasons: pair.reasons.clone(),
            facts: Vec::new(),
        }
    }

    fn people(&self, ones: &[Place], others: &[Place]) -> Explanation {
        let traced = &self.traced;
        let steps = path(&traced.joined, ones, others)
            .into_iter()
            .map(|(a, b, why)| {
                let pair = traced.weighed.iter().filter(|_| why == Why::Evidence).find(|pair| {
                    pair.together && ((pair.a, pair.b) == (a, b) || (pair.a, pair.b) == (b, a))
                });
                Step {
                    one: self.name_at(a),
                    other: self.name_at(b),
                    why: why.words(),
                    evidence: pair.map(|pair| self.doubt(pair)),
                }
            })
            .collect();
        let people_of = |places: &[Place]| -> Vec<u32> {
            let named = |place: &Place| traced.people.named(place.0, place.1);
            places.iter().flat_map(named).collect()
        };
        let (left, right) = (people_of(ones), people_of(others));
        let best = |fits: &dyn Fn(&[u32], &[u32]) -> bool| {
            let apart = traced.weighed.iter().filter(|pair| !pair.together);
            apart
                .filter(|pair| {
                    let (a, b) = (people_of(&[pair.a]), people_of(&[pair.b]));
                    fits(&a, &b) || fits(&b, &a)
                })
                .max_by(|a, b| a.score.total_cmp(&b.score))
                .map(|pair| self.doubt(pair))
        };
        let any = |a: &[u32], b: &[u32]| a.iter().any(|person| b.contains(person));
        Explanation {
            steps,
            weighed: best(&|a, b| any(a, &left) && any(b, &right)),
            runner_up: best(&|a, b| any(a, &left) && !any(b, &left) && !any(b, &right)),
        }
    }

    fn firms(&self, ones: &[Place], others: &[Place], knowledge: &Knowledge) -> Explanation {
        let keys = |places: &[Place]| -> Vec<u32> {
            let key = |place: &Place| self.firms.key_of.get(&place.1).copied();
            places.iter().filter_map(key).collect()
        };
        let (left, right) = (keys(ones), keys(others));
        let name_of = |key: u32| {
            let forms = self.firms.key_of.iter().filter(|(_, k)| **k == key);
            let sym = forms.map(|(sym, _)| *sym).min().unwrap_or_default();
            NameAt { article: String::new(), name: self.facts.text(sym).to_owned() }
        };
        let mut steps: Vec<Step> = path(&self.firms.joined, &left, &right)
            .into_iter()
            .map(|(a, b, why)| Step {
                one: name_of(a),
                other: name_of(b),
                why: why.words(),
                evidence: None,
            })
            .collect();
        let spelt_alike = left.iter().find(|key| right.contains(key));
        if let Some((one, other)) =
            ones.first().zip(others.first()).filter(|_| spelt_alike.is_some())
        {
            let why = "one name but for case, accents and legal form";
            let (one, other) = (self.name_at(*one), self.name_at(*other));
            steps = vec![Step { one, other, why, evidence: None }];
        }
        let work = self.firm_work(knowledge);
        let pair = left.first().zip(right.first()).filter(|_| steps.is_empty());
        let weighed = pair.and_then(|(a, b)| work.doubt(*a, *b, false));
        Explanation { steps, weighed, runner_up: None }
    }
}

/// Returns the steps of a forest that lead from one of `from` to one of `to`, the fewest.
fn path<T: Copy + Eq + std::hash::Hash>(
    forest: &[(T, T, Why)],
    from: &[T],
    to: &[T],
) -> Vec<(T, T, Why)> {
    let mut beside: IndexMap<T, Vec<(T, Why)>, FxBuildHasher> = IndexMap::default();
    for (a, b, why) in forest {
        beside.entry(*a).or_default().push((*b, *why));
        beside.entry(*b).or_default().push((*a, *why));
    }
    let mut came: IndexMap<T, Option<(T, Why)>, FxBuildHasher> =
        from.iter().map(|start| (*start, None)).collect();
    let mut next = 0;
    while let Some((at, _)) = came.get_index(next) {
        let at = *at;
        next += 1;
        if to.contains(&at) {
            let mut steps = Vec::new();
            let mut here = at;
            while let Some((before, why)) = came[&here] {
                steps.push((before, here, why));
                here = before;
            }
            steps.reverse();
            return steps;
        }
        for (other, why) in beside.get(&at).into_iter().flatten() {
            if !came.contains_key(other) {
                came.insert(*other, Some((at, *why)));
            }
        }
    }
    Vec::new()
}
