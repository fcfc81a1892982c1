//! How well mentions are put together: B-cubed and pairwise figures over items with a gold and a found entity.
//!
//! B-cubed (Bagga and Baldwin, 1998) asks of every item how many of those put with it belong with it (precision), and
//! how many of those that belong with it are there (recall), and takes the mean over items: large entities do not
//! drown small ones, as they do pairwise.

use std::collections::BTreeMap;

/// Precision and recall of a grouping.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Of what was put together, the share that belongs together.
    pub precision: f64,
    /// Of what belongs together, the share that was put together.
    pub recall: f64,
}

impl Agreement {
    /// Returns the harmonic mean of both.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

/// Returns B-cubed of items, each as (gold entity, found entity).
pub fn bcubed(items: &[(&str, &str)]) -> Agreement {
    let (gold, found, both) = sizes(items);
    let n = items.len().max(1) as f64;
    let mean = |size: &dyn Fn(&(&str, &str)) -> usize| -> f64 {
        both.iter().map(|(pair, k)| (k * k) as f64 / size(pair) as f64).sum::<f64>() / n
    };
    Agreement { precision: mean(&|(_, f)| found[f]), recall: mean(&|(g, _)| gold[g]) }
}

/// Returns the share of pairs that are together in both.
pub fn pairwise(items: &[(&str, &str)]) -> Agreement {
    let (gold, found, both) = sizes(items);
    let pairs = |sizes: &mut dyn Iterator<Item = usize>| -> f64 {
        sizes.map(|k| (k * k.saturating_sub(1) / 2) as f64).sum()
    };
    let together = pairs(&mut both.values().copied());
    let share = |of: f64| if of == 0.0 { 1.0 } else { together / of };
    Agreement {
        precision: share(pairs(&mut found.values().copied())),
        recall: share(pairs(&mut gold.values().copied())),
    }
}

type Sizes<'a> = BTreeMap<&'a str, usize>;

fn sizes<'a>(
    items: &[(&'a str, &'a str)],
) -> (Sizes<'a>, Sizes<'a>, BTreeMap<(&'a str, &'a str), usize>) {
    let (mut gold, mut found, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (g, f) in items {
        *gold.entry(*g).or_default() += 1;
        *found.entry(*f).or_default() += 1;
        *both.entry((*g, *f)).or_default() += 1;
    }
    (gold, found, both)
}

#[cfg(test)]
mod tests {
    use super::{bcubed, pairwise};

    #[test]
    fn figures_of_a_worked_example() {
        let perfect = [("a", "1"), ("a", "1"), ("b", "2")];
        assert_eq!(bcubed(&perfect).f1(), 1.0);
        assert_eq!(pairwise(&perfect).f1(), 1.0);
        // All in one: items of a see 2 of 3, the one of b 1 of 3.
        let merged = [("a", "1"), ("a", "1"), ("b", "1")];
        assert!((bcubed(&merged).precision - 5.0 / 9.0).abs() < 1e-12);
        assert_eq!(bcubed(&merged).recall, 1.0);
        assert!((pairwise(&merged).precision - 1.0 / 3.0).abs() < 1e-12);
    }
}
