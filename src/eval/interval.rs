use super::counts::{Counts, prf};

/// How often the articles are drawn anew. 2,000 hold the ends of the interval steady to about 0.003.
const N_DRAWS: usize = 2000;

/// Returns the 95 % interval of strict move F1: what it could have been, had other articles of the same kind been chosen.
///
/// Draws as many articles with replacement, 2,000 times, and cuts off 2.5 % at each end. The draws are always the same,
/// so that the same counts give the same interval.
pub fn move_f1_interval(articles: &[&Counts]) -> Option<(f64, f64)> {
    if articles.is_empty() {
        return None;
    }
    let mut state: u64 = 1;
    let mut figures: Vec<f64> = (0..N_DRAWS)
        .map(|_| {
            let (mut right, mut wrong, mut missed) = (0, 0, 0);
            for _ in articles {
                let one = articles[(split_mix(&mut state) % articles.len() as u64) as usize];
                right += one.moves_right;
                wrong += one.moves_wrong;
                missed += one.moves_missed;
            }
            prf(right, wrong, missed).f
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    Some((figures[N_DRAWS * 25 / 1000], figures[N_DRAWS * 975 / 1000]))
}

/// The SplitMix64 generator: eight lines, no crate, the same numbers for ever.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
