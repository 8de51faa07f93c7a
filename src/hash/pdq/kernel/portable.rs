//! Sixteen numbers as an array: for CPUs without a kernel of their own.

use super::{BLUE, Block, Count, GREEN, Lanes, RED, Sixteen, Task};

#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

impl Lanes for Portable {
    type V = [f32; 16];

    fn run<T: Task>(self, task: T) -> T::Output {
        task.run(self)
    }

    #[inline(always)]
    fn load(self, from: &Sixteen) -> [f32; 16] {
        from.0
    }

    #[inline(always)]
    fn store(self, value: [f32; 16], to: &mut Sixteen) {
        to.0 = value;
    }

    #[inline(always)]
    fn splat(self, value: f32) -> [f32; 16] {
        [value; 16]
    }

    #[inline(always)]
    fn add(self, a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        each(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        each(a, b, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        each(a, b, |a, b| a * b)
    }

    #[inline(always)]
    fn div(self, a: [f32; 16], b: [f32; 16]) -> [f32; 16] {
        each(a, b, |a, b| a / b)
    }

    #[inline(always)]
    fn divide(self, a: [f32; 16], by: &Count) -> [f32; 16] {
        self.div(a, [by.count; 16])
    }

    #[inline(always)]
    fn transpose(self, from: &Block, to: &mut Block) {
        for (column, to) in to.iter_mut().enumerate() {
            *to = Sixteen(std::array::from_fn(|row| from[row].0[column]));
        }
    }

    #[inline(always)]
    fn prefetch(self, _: *const u8) {}

    #[inline(always)]
    fn luma_rgb(self, pixels: &[u8; 48]) -> [f32; 16] {
        std::array::from_fn(|i| weigh(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]))
    }

    #[inline(always)]
    fn luma_grey(self, pixels: &[u8; 16]) -> [f32; 16] {
        pixels.map(|g| weigh(g, g, g))
    }

    #[inline(always)]
    fn truncated_abs(self, a: [f32; 16]) -> [f32; 16] {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "at most 100 is truncated here, which is meant"
        )]
        let truncated = |a: f32| (a as i32).unsigned_abs() as f32;
        a.map(truncated)
    }

    #[inline(always)]
    fn above(self, a: [f32; 16], b: [f32; 16]) -> u16 {
        (0..16).fold(0, |mask, i| mask | u16::from(a[i] > b[i]) << i)
    }
}

#[inline(always)]
fn each(a: [f32; 16], b: [f32; 16], operation: impl Fn(f32, f32) -> f32) -> [f32; 16] {
    std::array::from_fn(|i| operation(a[i], b[i]))
}

#[inline(always)]
fn weigh(r: u8, g: u8, b: u8) -> f32 {
    (RED * f32::from(r) + GREEN * f32::from(g)) + BLUE * f32::from(b)
}
