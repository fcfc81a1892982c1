//! How far a move is to be trusted: the share of moves of its probability that were right, on articles left out of training.
//!
//! Training measures the share at every tenth of the probability (isotonic regression, Zadrozny & Elkan 2002) and
//! writes it beside the weights; between two tenths the figure lies on the line through both.

use super::linear::Weights;
use crate::text::hash;

/// Parts that probabilities are cut into.
const STEPS: usize = 10;

fn name(step: usize) -> String {
    format!("confidence {step}")
}

/// Returns the confidence of a move of probability `p`, to three decimals; `p` itself where nothing was measured.
pub(super) fn confidence(p: f32, weights: &Weights) -> f64 {
    let share = |step: usize| {
        let measured = weights.get(hash(name(step).as_bytes()));
        f64::from(measured.unwrap_or(step as f32 / STEPS as f32))
    };
    let at = f64::from(p.clamp(0.0, 1.0)) * STEPS as f64;
    let step = (at as usize).min(STEPS - 1);
    let between = at - step as f64;
    let confidence = share(step) * (1.0 - between) + share(step + 1) * between;
    (confidence * 1000.0).round() / 1000.0
}

/// Returns lines of `weights.tsv` for what was measured: the probability of each move, and whether it is right.
pub fn measured(moves: &[(f64, bool)]) -> String {
    // Steps with their moves and the right ones of them; those with a smaller share than the step below are one with it.
    let mut pools: Vec<(Vec<usize>, f64, f64)> = Vec::new();
    for step in 0..=STEPS {
        let own = moves.iter().filter(|(p, _)| (p * STEPS as f64).round() as usize == step);
        let (n, right) = own.fold((0.0, 0.0), |(n, right), (_, is_right)| {
            (n + 1.0, right + f64::from(u8::from(*is_right)))
        });
        if n == 0.0 {
            continue;
        }
        pools.push((vec![step], n, right));
        while let [.., (_, n, right), (_, next_n, next_right)] = &pools[..]
            && right * next_n > next_right * n
        {
            let (steps, n, right) = pools.pop().unwrap_or_default();
            if let Some(last) = pools.last_mut() {
                last.0.extend(steps);
                last.1 += n;
                last.2 += right;
            }
        }
    }
    let line = |(steps, n, right): &(Vec<usize>, f64, f64)| -> String {
        steps.iter().map(|step| format!("{}\t{:.3}\n", name(*step), right / n)).collect()
    };
    pools.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{confidence, measured};
    use crate::extract::linear::Weights;

    #[test]
    fn a_confidence_is_the_share_that_was_right() {
        // Of those at 80 % half are right, at 90 % three in four, at 100 % two in three.
        let moves = [
            (0.8, true),
            (0.8, false),
            (0.9, true),
            (0.9, true),
            (0.9, true),
            (0.9, false),
            (1.0, true),
            (1.0, true),
            (1.0, false),
        ];
        let weights = Weights::parse(&measured(&moves));
        assert_eq!(confidence(0.8, &weights), 0.5);
        assert_eq!(confidence(0.9, &weights), 0.714);
        assert_eq!(confidence(1.0, &weights), 0.714);
        assert_eq!(confidence(0.85, &weights), 0.607);
        assert_eq!(confidence(0.25, &weights), 0.25);
        assert_eq!(confidence(0.25, &Weights::default()), 0.25);
    }
}
