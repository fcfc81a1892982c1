//! Long short-term memory (Hochreiter & Schmidhuber 1997): reads an article from one end.

use super::layout::{Block, CELLS, INPUT};
use super::sums::{Rows, add_product, add_times, sigmoid, tanh};

/// What one LSTM did at each token, by token: its gates, its cells and what it showed.
#[derive(Default)]
pub(in crate::extract) struct Pass {
    pub(in crate::extract) gates: Vec<f32>,
    pub(in crate::extract) cells: Vec<f32>,
    pub(in crate::extract) shown: Vec<f32>,
}

/// Reads an article from one end; `inputs` has [`INPUT`] numbers a token.
#[inline(always)]
pub(in crate::extract) fn pass(
    parameters: &[f32],
    lstm: [Block; 3],
    backwards: bool,
    inputs: &[f32],
) -> Pass {
    let [input, recurrence, bias] = lstm;
    let tokens = inputs.len() / INPUT;
    let mut out = Pass {
        gates: bias.of(parameters).repeat(tokens),
        cells: vec![0.0; tokens * CELLS],
        shown: vec![0.0; tokens * CELLS],
    };
    add_product(Rows::new(inputs, INPUT), input.of(parameters), &mut out.gates);
    let mut shown = [0f32; CELLS];
    let mut cells = [0f32; CELLS];
    for step in 0..tokens {
        let t = if backwards { tokens - 1 - step } else { step };
        let gates = &mut out.gates[t * 4 * CELLS..][..4 * CELLS];
        add_times(&shown, recurrence.of(parameters), gates);
        let (sigmoids, new) = gates.split_at_mut(3 * CELLS);
        for gate in sigmoids.iter_mut() {
            *gate = sigmoid(*gate);
        }
        for gate in new.iter_mut() {
            *gate = tanh(*gate);
        }
        for i in 0..CELLS {
            cells[i] = sigmoids[CELLS + i] * cells[i] + sigmoids[i] * new[i];
            shown[i] = sigmoids[2 * CELLS + i] * tanh(cells[i]);
        }
        out.cells[t * CELLS..][..CELLS].copy_from_slice(&cells);
        out.shown[t * CELLS..][..CELLS].copy_from_slice(&shown);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pass;
    use crate::extract::net::layout::{INPUT, LSTM, PARAMETERS};
    use pulp::{Simd, WithSimd};

    struct Backwards<'a>(&'a [f32], &'a [f32]);

    impl WithSimd for Backwards<'_> {
        type Output = Vec<f32>;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
            pass(self.0, LSTM[1], true, self.1).shown
        }
    }

    #[test]
    fn wide_and_narrow_registers_give_the_same_bits() {
        let number = |i: usize| ((i * 7_919) % 1_009) as f32 / 1_009.0 - 0.5;
        let parameters: Vec<f32> = (0..PARAMETERS).map(number).collect();
        let inputs: Vec<f32> = (0..50 * INPUT).map(number).collect();
        let narrow = pass(&parameters, LSTM[1], true, &inputs).shown;
        let wide = pulp::Arch::new().dispatch(Backwards(&parameters, &inputs));
        assert_eq!(narrow, wide);
    }
}
