//! Where the moves of the gold get lost on their way through the stages.

use super::examples::{group_gold, reading_right, told_of};
use super::gold::{Matched, Sample};
use crate::extract::claims::decide;
use crate::extract::events::{self, Telling};
use crate::extract::gazetteer::Gazetteer;
use crate::extract::linear::{Features, Weights};
use crate::extract::readings;

/// How far the moves of the gold come through the stages: each count is of moves that passed all before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Funnel {
    moves: usize,
    person: usize,
    triggered: usize,
    told: usize,
    grouped: usize,
    readable: usize,
    read: usize,
    found: usize,
}

impl Funnel {
    pub(super) fn line(&self) -> String {
        format!(
            "of {} moves: person {}, trigger {}, telling {}, group {}, reading among the choices {}, chosen {}; right event somewhere {}",
            self.moves,
            self.person,
            self.triggered,
            self.told,
            self.grouped,
            self.readable,
            self.read,
            self.found
        )
    }

    pub(super) fn add(
        &mut self,
        sample: &Sample,
        gazetteer: &Gazetteer,
        weights: &Weights,
        f: &mut Features,
    ) {
        let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
        let matched = Matched::new(&context, sample);
        let groups = events::groups(&context, &tellings, weights, f);
        let events = decide(&context, &held, &tellings, weights, f);
        for (number, gold) in sample.gold.moves.iter().enumerate().filter(|(_, g)| !g.optional) {
            self.moves += 1;
            let found = events.iter().any(|e| {
                matched.moves_of(e.person).iter().any(|g| std::ptr::eq(*g, gold))
                    && reading_right(&context, &matched, gold, &(e.kind, e.from, e.to))
            });
            self.found += usize::from(found);
            let people: Vec<usize> = (0..context.entities.list.len())
                .filter(|e| matched.moves_of(*e).iter().any(|g| std::ptr::eq(*g, gold)))
                .collect();
            if people.is_empty() {
                continue;
            }
            self.person += 1;
            let on = |tokens: &std::ops::Range<usize>| {
                matched.placed.told.iter().any(|(t, moves)| {
                    moves.contains(&number) && t.start < tokens.end && tokens.start < t.end
                })
            };
            if !context.doc.triggers.iter().any(|t| on(&t.tokens)) {
                continue;
            }
            self.triggered += 1;
            let tells =
                |t: &Telling| matched.told_by(&context, t).is_some_and(|g| std::ptr::eq(g, gold));
            if !tellings.iter().any(tells) {
                continue;
            }
            self.told += 1;
            let own: Vec<&Vec<usize>> = groups
                .iter()
                .filter(|g| {
                    group_gold(&context, &matched, &tellings, g)
                        .is_some_and(|x| std::ptr::eq(x, gold))
                })
                .collect();
            if own.is_empty() {
                continue;
            }
            self.grouped += 1;
            let mut readable = false;
            let mut read = false;
            for group in own {
                let mut event = readings::fuse(&context, &tellings, group);
                readable |= readings::readings(&tellings, &held, &event)
                    .iter()
                    .any(|r| reading_right(&context, &matched, gold, r));
                readings::set_reading(&context, &tellings, &held, &mut event, weights, f);
                read |=
                    reading_right(&context, &matched, gold, &(event.kind, event.from, event.to));
            }
            self.readable += usize::from(readable);
            self.read += usize::from(read);
        }
    }
}
