use super::tellings::Telling;
use crate::model::{PartialDate, Status};

/// Returns the last known state of an event.
///
/// What an article says of the state counts by its day; articles without one count as older than all others. A
/// completed, failed or denied event is not made open again by a later mention of the announcement, and an announced
/// one not by a later rumour; a denial gives way to a later announcement, and corrects what one article alone told as
/// done.
pub(super) fn final_status(tellings: &[&Telling]) -> Status {
    let mut steps: Vec<(Option<PartialDate>, u8, Status)> =
        tellings.iter().map(|t| (t.said_on, strength(t.status), t.status)).collect();
    // Undated first (None is smallest), then by day; on one day the stronger word is the later one.
    steps.sort_unstable_by_key(|step| (step.0.map(day), step.1));
    let done = |t: &&&Telling| t.status == Status::Completed;
    let source = tellings.iter().find(done).map(|t| t.original);
    let one_source = tellings.iter().filter(done).all(|t| Some(t.original) == source);
    let mut state = None;
    for (_, _, next) in steps {
        state = Some(match (state, next) {
            (None, next) => next,
            (Some(Status::Completed), Status::Failed) => Status::Failed,
            (Some(Status::Completed), Status::Denied) if one_source => Status::Denied,
            (Some(Status::Completed), _) => Status::Completed,
            (Some(Status::Failed), Status::Completed) => Status::Completed,
            (Some(Status::Failed), _) => Status::Failed,
            (Some(Status::Announced), Status::Rumoured) => Status::Announced,
            (_, next) => next,
        });
    }
    state.unwrap_or(Status::Rumoured)
}

/// An article of a month without a day counts from its first day.
fn day(date: PartialDate) -> (u16, u8, u8) {
    (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1))
}

fn strength(status: Status) -> u8 {
    match status {
        Status::Rumoured => 0,
        Status::Announced => 1,
        Status::Denied => 2,
        Status::Completed => 3,
        Status::Failed => 4,
    }
}
