//! Claims of many articles to one dataset: who is who, which firm is which, which tellings are one move.
//!
//! A pure function of the set of claims, the knowledge files and the user's decisions: neither the order of the
//! articles nor the number of threads changes a byte of what comes out. Names are resolved first (firms, then people,
//! as a shared firm is the best evidence for a person), then the claims of each person are put together into moves
//! and positions. What is not clearly the same stays apart: a false merge is worse than a missed one.

mod claims;
mod packed;
mod cluster;
mod copies;
mod dataset;
mod dates;
mod decisions;
mod text_links;
mod firm_names;
mod firms;
mod firm_doubts;
mod roles;
mod sounds;
mod names;
mod person_name;
mod evidence;
mod profiles;
mod pairs;
mod people;
mod tellings;
mod history;
mod moves;
mod positions;
mod ids;
mod assemble;
mod explain;

pub use crate::knowledge::Knowledge;
pub use claims::ClaimSet;
pub use dataset::{
    ClaimId, Dataset, EntityName, Firm, FirmName, Move, NameForm, Person, Position, Role,
    RowEvidence, StatusStep,
};
pub use decisions::{Action, Decision, NameAt, check_edit};
pub use evidence::SAME_PERSON;
pub use explain::{Doubt, Explanation, Step, doubts, explain};
pub use packed::{FORM, pack};

use crate::model::{ArticleClaims, MentionType};
use claims::{Facts, Sym};
use indexmap::IndexMap;
use rayon::prelude::*;
use roles::Title;
use rustc_hash::FxBuildHasher;
use tellings::Context;

/// Returns the dataset that `claims`, in any order, tell together.
///
/// Of two decisions that contradict each other the later one in the list holds. For many articles feed a
/// [`ClaimSet`] instead and call [`resolve_set`]: it does not keep the texts.
pub fn resolve(claims: &[ArticleClaims], knowledge: &Knowledge, decisions: &[Decision]) -> Dataset {
    let mut set = ClaimSet::new();
    for article in claims {
        set.add(article);
    }
    resolve_set(set, knowledge, decisions)
}

/// Returns the dataset that a set of claims tells.
pub fn resolve_set(mut set: ClaimSet, knowledge: &Knowledge, decisions: &[Decision]) -> Dataset {
    let mut notes = Vec::new();
    decisions::apply(&mut set, decisions, &mut notes);
    let facts = set.seal();
    let copies = copies::find(&facts);
    let titles = titles(&facts, knowledge);
    let told = decisions::told(&facts, decisions, MentionType::Firm, &mut notes);
    let firms = firms::resolve(&facts, knowledge, &told, &mut notes);
    let told = decisions::told(&facts, decisions, MentionType::Person, &mut notes);
    let people = people::resolve(&facts, &firms, &titles, knowledge, &told, &mut notes);

    let context = Context { firms: &firms, titles: &titles };
    let mut moves_of: Vec<Vec<u32>> = vec![Vec::new(); people.n];
    for (claim, person) in people.of_move.iter().enumerate() {
        moves_of[*person as usize].push(claim as u32);
    }
    let mut positions_of: Vec<Vec<u32>> = vec![Vec::new(); people.n];
    for (claim, person) in people.of_position.iter().enumerate() {
        positions_of[*person as usize].push(claim as u32);
    }
    let of_person: Vec<_> = (0..people.n)
        .into_par_iter()
        .map(|person| {
            let mut notes = Vec::new();
            let tellings: Vec<tellings::Telling> = moves_of[person]
                .iter()
                .map(|claim| tellings::telling(&facts, &firms, &copies.original, *claim))
                .collect();
            let mut events: Vec<moves::Event> = tellings::events(context, &tellings, &mut notes)
                .into_iter()
                .map(|group| {
                    let own = group.iter().map(|i| tellings[*i].clone()).collect();
                    moves::event(context, &facts, person as u32, own)
                })
                .collect();
            positions::complete(context, &facts, &mut events, &positions_of[person]);
            let events = moves::distinct(context, &facts, events);
            let mut holdings = positions::holdings(
                context,
                &facts,
                &copies.original,
                person as u32,
                &positions_of[person],
            );
            let (links, still_held) = positions::link(context, &events, &mut holdings);
            let place = positions::distinct(&copies.original, &facts, &mut holdings);
            let links = links.into_iter().map(|(from, to)| {
                let (from, to) = (from.map(|i| place[i]), to.map(|i| place[i]));
                (from.filter(|from| Some(*from) != to), to)
            });
            (events, holdings, links.collect::<Vec<_>>(), still_held, notes)
        })
        .collect();
    let (mut events, mut holdings, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let mut n_still_held = 0;
    for (own_events, own_holdings, own_links, still_held, own_notes) in of_person {
        let base = holdings.len();
        let shift = |at: Option<usize>| at.map(|i| i + base);
        links.extend(own_links.into_iter().map(|(from, to)| (shift(from), shift(to))));
        events.extend(own_events);
        holdings.extend(own_holdings);
        n_still_held += still_held;
        notes.extend(own_notes);
    }
    if n_still_held > 0 {
        notes.push(format!(
            "{n_still_held} positions are told to be held after the day on which a move left them: they were given no end"
        ));
    }
    moves::succession(context, &mut events);
    assemble::assemble(assemble::Resolved {
        facts: &facts,
        knowledge,
        firms: &firms,
        titles: &titles,
        people: &people,
        copies: &copies,
        events,
        links,
        holdings,
        notes,
    })
}

/// Returns the title behind each role's words.
fn titles(facts: &Facts, knowledge: &Knowledge) -> IndexMap<Sym, Title, FxBuildHasher> {
    let mut roles: Vec<Sym> = facts
        .moves
        .iter()
        .flat_map(|m| [m.from_role, m.to_role])
        .chain(facts.positions.iter().map(|p| p.role))
        .flatten()
        .collect();
    roles.sort_unstable();
    roles.dedup();
    let parse = |role: Sym| (role, roles::parse(facts.text(role), knowledge));
    roles.into_par_iter().map(parse).collect::<Vec<_>>().into_iter().collect()
}
