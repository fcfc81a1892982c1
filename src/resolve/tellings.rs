//! Which claims tell one event: pairs of tellings, and the groups they make.

use super::claims::{Facts, MoveFact, Sym};
use super::cluster::Clusters;
use super::dates::{gap, range};
use super::firms::Firms;
use super::roles::{Title, TitleMatch, compare};
use crate::model::{Kind, PartialDate, Status};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// A claim of a move with its names resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Telling {
    /// Its place in the facts.
    pub(super) claim: u32,
    pub(super) article: u32,
    /// The article that its article repeats, or itself.
    pub(super) original: u32,
    /// When the article was published.
    pub(super) said_on: Option<PartialDate>,
    pub(super) from: Option<u32>,
    pub(super) to: Option<u32>,
    pub(super) from_role: Option<Sym>,
    pub(super) to_role: Option<Sym>,
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) date: Option<PartialDate>,
    pub(super) confidence: f64,
}

/// Returns the telling of a claim.
pub(super) fn telling(facts: &Facts, firms: &Firms, originals: &[u32], claim: u32) -> Telling {
    let m: &MoveFact = &facts.moves[claim as usize];
    let [from, to] = firms.of_move[claim as usize];
    Telling {
        claim,
        article: m.article,
        original: originals[m.article as usize],
        said_on: facts.articles[m.article as usize].date,
        from,
        to,
        from_role: m.from_role,
        to_role: m.to_role,
        kind: m.kind,
        status: m.status,
        date: m.date,
        confidence: m.confidence,
    }
}

/// Days by which sources differ on the day of one and the same event where only one side of it is told alike: the
/// day of the vote, of the announcement and of the first day at work are often weeks apart.
const NEAR: i32 = 45;

/// The same where both firms agree: nobody makes one move twice within half a year.
const NEAR_BOTH: i32 = 200;

/// Days between undated reports of one event.
pub(super) const NEWS_LIFE: i32 = 540;

/// Days after which a refused or failed move can be tried anew.
const NEW_TRY: i32 = 300;

/// Days by which a departure may precede the next hire, gardening leave included, for the two to be one move.
const BETWEEN_JOBS: i32 = 270;

/// What the comparison of tellings needs to know.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) firms: &'a Firms,
    pub(super) titles: &'a IndexMap<Sym, Title, FxBuildHasher>,
}

impl Context<'_> {
    fn titles(&self, a: Option<Sym>, b: Option<Sym>) -> Option<TitleMatch> {
        Some(compare(self.titles.get(&a?)?, self.titles.get(&b?)?))
    }

    /// Returns whether somebody stays in one group of firms.
    pub(super) fn internal(&self, t: &Telling) -> bool {
        match (t.from, t.to) {
            (Some(from), Some(to)) => {
                from == to || (t.kind == Kind::RoleChange && self.firms.related(from, to))
            }
            _ => false,
        }
    }

    /// Returns how well two claims go together as tellings of one event: `None` where they tell two, 0 where they can
    /// be one but only a third telling says so.
    ///
    /// Claims of one article are different events unless they say the very same.
    fn one_event(&self, a: &Telling, b: &Telling) -> Option<f64> {
        let mut score = 0.0;
        let related = |x: Option<u32>, y: Option<u32>| Some(self.firms.related(x?, y?));
        let to_roles = self.titles(a.to_role, b.to_role);
        let from_roles = self.titles(a.from_role, b.from_role);
        let role_weight = |m: Option<TitleMatch>| match m {
            Some(TitleMatch::Same) => 1.0,
            Some(TitleMatch::Compatible) => 0.6,
            _ => 0.0,
        };
        score += role_weight(to_roles) + role_weight(from_roles);
        let different = |m: Option<TitleMatch>| m == Some(TitleMatch::Different);
        let both_dated = a.date.is_some() && b.date.is_some();
        let days = match (a.date, b.date) {
            (Some(x), Some(y)) => Some(gap(x, y)),
            _ => None,
        };
        let mut near = NEAR;
        match (self.internal(a), self.internal(b)) {
            (true, true) => {
                related(a.to, b.to).filter(|r| *r)?;
                if different(to_roles) || (different(from_roles) && days.is_none_or(|d| d > 0)) {
                    return None;
                }
                if to_roles.is_some() {
                    near = NEAR_BOTH;
                }
                score += 3.0;
            }
            (true, false) | (false, true) => {
                let (inner, outer) = if self.internal(a) { (a, b) } else { (b, a) };
                match (outer.from, outer.to) {
                    (None, Some(_)) => {
                        related(inner.to, outer.to).filter(|r| *r)?;
                        to_roles.filter(|m| *m != TitleMatch::Different)?;
                    }
                    (Some(_), None) => {
                        related(inner.from, outer.from).filter(|r| *r)?;
                        from_roles.filter(|m| *m != TitleMatch::Different)?;
                    }
                    _ => return None,
                }
                score += 1.5;
            }
            (false, false) => {
                let to = related(a.to, b.to);
                let from = related(a.from, b.from);
                if to == Some(false) {
                    return None;
                }
                match (from, to) {
                    (Some(true), Some(true)) => {
                        near = NEAR_BOTH;
                        score += 4.0;
                    }
                    (Some(false), Some(true)) => {
                        // One arrival of which the sources tell different origins.
                        if different(to_roles) || days.is_none_or(|d| d > NEAR) {
                            return None;
                        }
                        score += 1.0;
                    }
                    (None, Some(true)) => {
                        if different(to_roles) && days.is_none_or(|d| d > NEAR) {
                            return None;
                        }
                        score += 2.0;
                    }
                    (Some(true), None) => {
                        // A rumour's destination is not that of a departure told as a fact.
                        let sure =
                            |t: &Telling| matches!(t.status, Status::Completed | Status::Announced);
                        let (with_to, without) = if a.to.is_some() { (a, b) } else { (b, a) };
                        if with_to.to.is_some() && !sure(with_to) && sure(without) {
                            return (a.article != b.article).then_some(0.0);
                        }
                        if different(from_roles) && days != Some(0) {
                            return None;
                        }
                        score += 2.0;
                    }
                    _ => return None,
                }
            }
        }
        if let Some(days) = days {
            if days > near {
                return None;
            }
            score += 1.0 - f64::from(days) / 400.0;
        }
        if !both_dated && !self.times_allow(a, b) {
            return None;
        }
        let undone = |t: &Telling| matches!(t.status, Status::Failed | Status::Denied);
        if undone(a) != undone(b)
            && (a.status == Status::Completed || b.status == Status::Completed)
            && let (Some(x), Some(y)) = (a.said_on, b.said_on)
            && gap(x, y) > NEW_TRY
        {
            return None;
        }
        if a.article == b.article {
            let alike = a.from == b.from
                && a.to == b.to
                && a.kind == b.kind
                && a.status == b.status
                && (a.date == b.date || a.date.is_none() || b.date.is_none());
            return alike.then_some(score + 1.0);
        }
        score += if a.kind == b.kind { 0.5 } else { 0.0 };
        Some(score)
    }

    /// Returns whether the days of the articles allow the two to tell one event where a date is missing.
    fn times_allow(&self, a: &Telling, b: &Telling) -> bool {
        let (dated, undated) = match (a.date, b.date) {
            (Some(_), None) => (a, b),
            (None, Some(_)) => (b, a),
            _ => {
                return match (a.said_on, b.said_on) {
                    (Some(x), Some(y)) => {
                        // What was announced is told years later as done, and what was done is told again.
                        let (first, later) = if x <= y { (a, b) } else { (b, a) };
                        let goes_on = a.status == b.status
                            || (first.status, later.status)
                                == (Status::Announced, Status::Completed);
                        gap(x, y) <= NEWS_LIFE || (goes_on && a.from == b.from && a.to == b.to)
                    }
                    _ => true,
                };
            }
        };
        let (Some(date), Some(said)) = (dated.date, undated.said_on) else { return true };
        let ((first, last), (start, end)) = (range(date), range(said));
        match undated.status {
            // What has happened lies before the article; what is to come, not long before it.
            Status::Completed => first <= end + NEAR,
            Status::Announced | Status::Rumoured => last >= start - NEAR && first <= end + 2 * 366,
            Status::Failed | Status::Denied => last >= start - 2 * 366 && first <= end + 2 * 366,
        }
    }
}

/// Different tellings of one person that are compared one by one; beyond them only those of one month are joined.
const MAX_TELLINGS: usize = 300;

/// Returns the groups of tellings of one person that tell one event each, in the order of their first claims.
pub(super) fn events(
    context: Context<'_>,
    tellings: &[Telling],
    notes: &mut Vec<String>,
) -> Vec<Vec<usize>> {
    let n = tellings.len();
    let mut clusters = Clusters::new(n);
    // What a hundred articles say in the same words need not be compared a hundred times.
    let mut first_of: IndexMap<_, usize, FxBuildHasher> = IndexMap::default();
    let mut apart: Vec<usize> = Vec::new();
    for (i, t) in tellings.iter().enumerate() {
        let title = |role: Option<Sym>| {
            role.and_then(|r| context.titles.get(&r)).map(|title| title.title.as_str())
        };
        let said = t.said_on.map(|d| (d.year, d.month));
        let (from_role, to_role) = (title(t.from_role), title(t.to_role));
        let words = (t.kind, t.status, t.from, t.to, from_role, to_role, t.date, said);
        match first_of.get(&words) {
            Some(first) if tellings[*first].article != t.article => {
                clusters.join(*first as u32, i as u32);
            }
            Some(_) => apart.push(i),
            None => {
                first_of.insert(words, i);
                apart.push(i);
            }
        }
    }
    let mut edges: Vec<(f64, usize, usize)> = Vec::new();
    if apart.len() <= MAX_TELLINGS {
        for (k, i) in apart.iter().enumerate() {
            for j in &apart[k + 1..] {
                match context.one_event(&tellings[*i], &tellings[*j]) {
                    Some(score) if score > 0.0 => edges.push((score, *i, *j)),
                    Some(_) => {}
                    None => {
                        clusters.forbid(*i as u32, *j as u32);
                    }
                }
            }
        }
        edges.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, i, j) in edges {
            clusters.join(i as u32, j as u32);
        }
    } else {
        notes.push(format!("one person has {} different claims of moves: only those of one month between the same firms were joined", apart.len()));
        let mut first: IndexMap<_, u32, FxBuildHasher> = IndexMap::default();
        for i in apart {
            let t = &tellings[i];
            let month = t.date.or(t.said_on).map(|d| (d.year, d.month));
            let at = *first.entry((t.from, t.to, month)).or_insert(i as u32);
            clusters.join(at, i as u32);
        }
    }
    let (numbers, n_groups) = clusters.numbers();
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); n_groups];
    for (i, g) in numbers.into_iter().enumerate() {
        groups[g as usize].push(i);
    }
    join_departures(context, tellings, groups)
}

/// Joins a departure that names no destination with the one hire that follows it and names no origin.
fn join_departures(
    context: Context<'_>,
    tellings: &[Telling],
    mut groups: Vec<Vec<usize>>,
) -> Vec<Vec<usize>> {
    let sure = |t: &Telling| matches!(t.status, Status::Completed | Status::Announced);
    let when = |group: &[usize]| -> Option<i32> {
        let dated = group.iter().filter_map(|i| tellings[*i].date).map(|d| range(d).0).min();
        let said = || group.iter().filter_map(|i| tellings[*i].said_on).map(|d| range(d).0).min();
        dated.or_else(said)
    };
    let on_board = |group: &[usize]| {
        group.iter().any(|i| {
            let level = tellings[*i]
                .to_role
                .and_then(|r| context.titles.get(&r))
                .and_then(|t| t.level.as_deref());
            matches!(level, Some("board"))
        })
    };
    let mut pairs: Vec<(i32, usize, usize)> = Vec::new();
    for (d, departure) in groups.iter().enumerate() {
        if !departure.iter().all(|i| tellings[*i].to.is_none() && sure(&tellings[*i])) {
            continue;
        }
        for (h, hire) in groups.iter().enumerate() {
            let fits = hire.iter().all(|i| {
                let t = &tellings[*i];
                t.from.is_none() && t.to.is_some() && sure(t) && t.kind != Kind::RoleChange
            }) && !on_board(hire)
                && !departure.iter().any(|i| hire.iter().any(|j| tellings[*i].article == tellings[*j].article || matches!((tellings[*i].from, tellings[*j].to), (Some(x), Some(y)) if context.firms.related(x, y))));
            if d != h
                && fits
                && let (Some(left), Some(joined)) = (when(departure), when(hire))
                && (-NEAR..=BETWEEN_JOBS).contains(&(joined - left))
            {
                pairs.push(((joined - left).abs(), d, h));
            }
        }
    }
    pairs.sort_unstable();
    let mut used = vec![false; groups.len()];
    for (_, d, h) in pairs {
        if !used[d] && !used[h] {
            used[d] = true;
            used[h] = true;
            let hire = std::mem::take(&mut groups[h]);
            groups[d].extend(hire);
            groups[d].sort_unstable();
        }
    }
    groups.retain(|g| !g.is_empty());
    groups
}
