//! Pixels to the 64 x 64 buffer as they stream by: steps 1 and 3 to 5.
//!
//! The definition runs four box filters over whole planes: along rows, along columns, along rows, along columns. A box
//! of width `w` over `n` samples `x` is one running f32 sum, and the order of its additions decides the last bit:
//!
//! ```text
//! d = (w + 2) / 2 - 1                                   // the delay
//! for t in 0 .. n + d:
//!     sum += x[t]                                       // 0 where t >= n
//!     sum -= x[t - w]                                   // 0 where t < w
//!     if t >= d: out[t - d] = sum / (number of samples in the sum)
//! ```
//!
//! A sum cannot be split, but sixteen of them can go side by side in one register. So the picture passes in bands of 16
//! rows, each in tiles of 16 columns:
//!
//! ```text
//! luma of 16 x 16 pixels       a register holds 16 columns of a row
//!   | transpose                a register holds 16 rows of a column
//! first box, along rows        one register of sums, the last w columns
//!   | transpose                a register holds 16 columns of a row
//! second box, along columns    a register of sums a tile, the last w rows of every tile
//!   | transpose                a register holds 16 rows of a column
//! third box, along rows        divided only at the 64 columns that step 5 reads
//!   | at the end of the band, transpose the 64 columns
//! fourth box, along columns    divided only at the 64 rows that step 5 reads
//! ```
//!
//! What lies beyond the right and lower edge is 0 after each box: its luma is 0, and it is divided by infinity. A box
//! puts out `d` samples late, so tiles and bands of the second and third box begin `d` later than those before them.

use crate::picture::{Picture, Samples};

use super::kernel::{Block, Lanes, MOST_DIVISOR, Sixteen, Task, ZEROS};
use super::{Buffer, sample_at, window};

/// The memory of the filter, reused from picture to picture: `4 * width * (height / 128 + 2)` bytes and a little.
#[derive(Debug, Default)]
pub(super) struct Filter {
    across: Side,
    down: Side,
    first: Vec<Sixteen>,
    /// The last rows of every tile, tile by tile.
    second: Vec<Sixteen>,
    /// The sums of every tile.
    second_sums: Vec<Sixteen>,
    third: Vec<Sixteen>,
    fourth: Vec<[Sixteen; 4]>,
}

/// One direction of a picture.
#[derive(Debug, Default)]
struct Side {
    length: usize,
    window: usize,
    delay: usize,
    /// By what the sum of step `t` is divided.
    counts: Vec<f32>,
    /// At which steps the 64 samples are put out.
    samples: Vec<usize>,
}

impl Side {
    fn measure(&mut self, length: usize) {
        self.length = length;
        self.window = window(length);
        self.delay = self.window.midpoint(2) - 1;
        self.samples.clear();
        self.samples
            .extend((0..64).map(|i| sample_at(i, length) + self.delay));
        let steps = self.last_sample() + self.delay + 1;
        self.counts.clear();
        let (window, delay) = (self.window, self.delay);
        let count = |t| count(t, length, window, delay);
        self.counts.extend((0..steps + 3 * 16).map(count));
    }

    /// The step at which a box that is divided at the samples only puts out the last of them.
    fn last_sample(&self) -> usize {
        self.samples[63]
    }

    /// What every step from `t` to `t + 15` is divided by, if that is the whole window.
    fn whole_window(&self, t: usize) -> bool {
        t + 1 >= self.window && t + 15 < self.length && self.window <= MOST_DIVISOR
    }
}

/// The number of samples in the sum at step `t`; 1 before the box puts anything out, and infinity behind the last sample.
fn count(t: usize, length: usize, window: usize, delay: usize) -> f32 {
    if t < delay {
        return 1.0;
    }
    if t >= length + delay {
        return f32::INFINITY;
    }
    let count = (t + 1).min(length) - (t + 1).saturating_sub(window);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a window is at most 2^32 / 128; those above 2^24 samples do not fit into memory"
    )]
    let count = count as f32;
    count
}

/// The buffer of a picture of at least 5 x 5 pixels.
pub(super) struct Run<'a, 'p> {
    pub(super) filter: &'a mut Filter,
    pub(super) picture: &'a Picture<'p>,
}

impl Task for Run<'_, '_> {
    type Output = Buffer;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Buffer {
        let (filter, picture) = (self.filter, self.picture);
        if (picture.width(), picture.height()) == (64, 64) {
            return unfiltered(lanes, picture);
        }
        filter.start(picture);
        let mut out = Samples64::default();
        let bands = (filter.down.last_sample() + filter.down.delay + 1).div_ceil(16);
        for band in 0..bands {
            let rows = Rows::of(picture, band * 16);
            let columns = filter.band(lanes, band * 16, &rows);
            filter.fourth_box(lanes, band * 16, &columns, &mut out);
        }
        out.buffer
    }
}

impl Filter {
    fn start(&mut self, picture: &Picture<'_>) {
        self.across.measure(picture.width() as usize);
        self.down.measure(picture.height() as usize);
        let tiles = self.tiles();
        let rows = self.down.window;
        let kept = Along::<()>::length(self.across.window);
        self.first.resize(kept, Sixteen::ZERO);
        self.third.resize(kept, Sixteen::ZERO);
        self.second.clear();
        self.second.resize(tiles * rows, Sixteen::ZERO);
        self.second_sums.clear();
        self.second_sums.resize(tiles, Sixteen::ZERO);
        self.fourth.clear();
        self.fourth.resize(rows, [Sixteen::ZERO; 4]);
    }

    /// Tiles of what the first box puts out, up to the last sample of the third.
    fn tiles(&self) -> usize {
        (self.across.last_sample() + 1).div_ceil(16)
    }

    /// Takes 16 rows from `top` on through three boxes. Gives the 64 columns of the rows from `top - delay` on.
    #[inline(always)]
    fn band<L: Lanes>(&mut self, lanes: L, top: usize, picture: &Rows<'_>) -> [Sixteen; 64] {
        let across = &self.across;
        let late = across.delay.div_ceil(16);
        let down = Down::of(&self.down, top);
        let mut first = Along::over(lanes, &mut self.first, across.window);
        let mut third = Along::over(lanes, &mut self.third, across.window);
        let mut rows = ZEROS;
        let mut queue = [ZEROS; 2];
        let mut sums = ZEROS;
        let mut out = [Sixteen::ZERO; 64];
        let mut put = 0;

        // The third box is a tile behind the second, so that it goes side by side with the first.
        let tiles = self.second_sums.len();
        for read in 0..=tiles + late {
            if read * 16 < across.length {
                picture.luma(lanes, read, &mut rows);
                lanes.transpose(&rows, first.next());
            } else {
                *first.next() = ZEROS;
            }
            let means = Means {
                side: across,
                t: read * 16,
                queue: &mut queue,
            };
            first_and_third(lanes, &mut first, means, &mut third, &mut sums);
            if let Some(tile) = read.checked_sub(late + 1) {
                while put < 64 && across.samples[put] / 16 == tile {
                    let step = across.samples[put];
                    let count = lanes.splat(across.counts[step]);
                    let mean = lanes.div(lanes.load(&sums[step % 16]), count);
                    lanes.store(mean, &mut out[put]);
                    put += 1;
                }
            }
            let Some(tile) = read.checked_sub(late).filter(|&tile| tile < tiles) else {
                continue;
            };
            lanes.transpose(&queue[tile % 2], &mut rows);
            let kept = &mut self.second[tile * down.window..][..down.window];
            down.second_box(lanes, &mut rows, kept, &mut self.second_sums[tile]);
            lanes.transpose(&rows, third.next());
        }
        out
    }

    /// Takes the 64 columns of 16 rows through the last box.
    #[inline(always)]
    fn fourth_box<L: Lanes>(
        &mut self,
        lanes: L,
        top: usize,
        columns: &[Sixteen; 64],
        out: &mut Samples64,
    ) {
        let mut rows = [ZEROS; 4];
        let (blocks, _) = columns.as_chunks();
        for (rows, columns) in rows.iter_mut().zip(blocks) {
            lanes.transpose(columns, rows);
        }
        let down = &self.down;
        for i in 0..16 {
            let Some(t) = (top + i).checked_sub(down.delay) else {
                continue;
            };
            let kept = &mut self.fourth[t % down.window];
            let count = lanes.splat(down.counts.get(t).copied().unwrap_or(1.0));
            let mut means = [0.0; 64];
            for (tile, means) in means.as_chunks_mut::<16>().0.iter_mut().enumerate() {
                let sum = lanes.load(&out.sums[tile]);
                let sum = slide(lanes, sum, &rows[tile][i], &mut kept[tile]);
                lanes.store(sum, &mut out.sums[tile]);
                let mut mean = Sixteen::ZERO;
                lanes.store(lanes.div(sum, count), &mut mean);
                *means = mean.0;
            }
            while out.put < 64 && down.samples[out.put] == t {
                out.buffer[out.put] = means;
                out.put += 1;
            }
        }
    }
}

/// What the fourth box has put out.
struct Samples64 {
    sums: [Sixteen; 4],
    buffer: Buffer,
    put: usize,
}

impl Default for Samples64 {
    fn default() -> Self {
        Self {
            sums: [Sixteen::ZERO; 4],
            buffer: [[0.0; 64]; 64],
            put: 0,
        }
    }
}

/// The second box in one band: where rows are kept, and what sums are divided by.
struct Down<'a> {
    window: usize,
    slots: [usize; 16],
    counts: &'a [f32],
    whole: Option<f32>,
}

impl<'a> Down<'a> {
    fn of(side: &'a Side, top: usize) -> Self {
        Self {
            window: side.window,
            slots: std::array::from_fn(|i| (top + i) % side.window),
            counts: &side.counts[top..top + 16],
            whole: side.whole_window(top).then(|| small(side.window)),
        }
    }

    #[inline(always)]
    fn second_box<L: Lanes>(
        &self,
        lanes: L,
        rows: &mut Block,
        kept: &mut [Sixteen],
        sums: &mut Sixteen,
    ) {
        let mut sum = lanes.load(sums);
        if let Some(count) = self.whole {
            let whole = lanes.divisor(count);
            for (row, &slot) in rows.iter_mut().zip(&self.slots) {
                sum = slide(lanes, sum, row, &mut kept[slot]);
                lanes.store(lanes.divide(sum, whole), row);
            }
        } else {
            for ((row, &slot), &count) in rows.iter_mut().zip(&self.slots).zip(self.counts) {
                sum = slide(lanes, sum, row, &mut kept[slot]);
                lanes.store(lanes.div(sum, lanes.splat(count)), row);
            }
        }
        lanes.store(sum, sums);
    }
}

/// A box along rows: its sum, and its last samples.
struct Along<'a, V> {
    sum: V,
    window: usize,
    /// The samples of step `t` at `t` modulo the length less 16; the first 16 again behind them.
    kept: &'a mut [Sixteen],
    /// Where the next tile goes.
    at: usize,
}

impl<'a, V: Copy> Along<'a, V> {
    /// How many samples are kept: the window and a tile, in whole tiles, and one tile twice.
    fn length(window: usize) -> usize {
        (window + 16).next_multiple_of(16) + 16
    }

    fn over<L: Lanes<V = V>>(lanes: L, kept: &'a mut [Sixteen], window: usize) -> Self {
        kept.fill(Sixteen::ZERO);
        Self {
            sum: lanes.splat(0.0),
            window,
            kept,
            at: 0,
        }
    }

    /// Where the next tile is to be written.
    #[inline(always)]
    fn next(&mut self) -> &mut Block {
        let (tiles, _) = self.kept.as_chunks_mut();
        &mut tiles[self.at / 16]
    }

    /// The tile that was written, and beside each sample that of a window before.
    #[inline(always)]
    fn written(&mut self) -> (&Block, &Block) {
        let turn = self.kept.len() - 16;
        if self.at == 0 {
            self.kept.copy_within(..16, turn);
        }
        let (at, before) = (self.at, (self.at + turn - self.window) % turn);
        self.at = (at + 16) % turn;
        let kept = &*self.kept;
        let (new, _) = kept[at..at + 16].as_chunks();
        let (old, _) = kept[before..before + 16].as_chunks();
        (&new[0], &old[0])
    }
}

/// Where the first box puts its means.
struct Means<'a> {
    side: &'a Side,
    /// The step of the first sample of the tile.
    t: usize,
    /// Two tiles of what the box has put out, in turns.
    queue: &'a mut [Block; 2],
}

impl Means<'_> {
    #[inline(always)]
    fn place(&mut self, i: usize) -> &mut Sixteen {
        let at = (self.t + i).wrapping_sub(self.side.delay) % 32;
        &mut self.queue[at / 16][at % 16]
    }
}

/// Takes a tile each through the first and the third box, of which neither waits for the other.
#[inline(always)]
fn first_and_third<L: Lanes>(
    lanes: L,
    first: &mut Along<'_, L::V>,
    mut means: Means<'_>,
    third: &mut Along<'_, L::V>,
    sums: &mut Block,
) {
    let (mut sum, mut third_sum) = (first.sum, third.sum);
    let (new, old) = first.written();
    let (third_new, third_old) = third.written();
    let steps = new.iter().zip(old).zip(third_new.iter().zip(third_old));
    let steps = steps.zip(sums).enumerate();
    if means.side.whole_window(means.t) {
        let whole = lanes.divisor(small(means.side.window));
        for (i, ((step, third_step), shown)) in steps {
            sum = slid(lanes, sum, step);
            lanes.store(lanes.divide(sum, whole), means.place(i));
            third_sum = slid(lanes, third_sum, third_step);
            lanes.store(third_sum, shown);
        }
    } else {
        for (i, ((step, third_step), shown)) in steps {
            sum = slid(lanes, sum, step);
            let count = lanes.splat(means.side.counts[means.t + i]);
            lanes.store(lanes.div(sum, count), means.place(i));
            third_sum = slid(lanes, third_sum, third_step);
            lanes.store(third_sum, shown);
        }
    }
    (first.sum, third.sum) = (sum, third_sum);
}

/// One step of a sum: the new sample is added first, then the old one subtracted.
#[inline(always)]
fn slid<L: Lanes>(lanes: L, sum: L::V, (new, old): (&Sixteen, &Sixteen)) -> L::V {
    lanes.sub(lanes.add(sum, lanes.load(new)), lanes.load(old))
}

/// The same, and keeps the new sample in the place of the old one.
#[inline(always)]
fn slide<L: Lanes>(lanes: L, sum: L::V, new: &Sixteen, kept: &mut Sixteen) -> L::V {
    let sum = slid(lanes, sum, (new, kept));
    *kept = *new;
    sum
}

/// Step 3: the buffer of a picture of 64 x 64.
#[inline(always)]
fn unfiltered<L: Lanes>(lanes: L, picture: &Picture<'_>) -> Buffer {
    let mut buffer = [[0.0; 64]; 64];
    let mut luma = ZEROS;
    for top in [0, 16, 32, 48] {
        let rows = Rows::of(picture, top);
        for tile in 0..4 {
            rows.luma(lanes, tile, &mut luma);
            for (row, luma) in buffer[top..].iter_mut().zip(&luma) {
                row[tile * 16..][..16].copy_from_slice(&luma.0);
            }
        }
    }
    buffer
}

/// Sixteen rows of a picture; those beyond its lower edge are empty.
enum Rows<'a> {
    Rgb([Row<'a, 48>; 16]),
    Grey([Row<'a, 16>; 16]),
}

/// A row in tiles of `N` bytes, and the rest.
#[derive(Clone, Copy)]
struct Row<'a, const N: usize> {
    tiles: &'a [[u8; N]],
    rest: &'a [u8],
}

impl<'a> Rows<'a> {
    fn of(picture: &'a Picture<'_>, top: usize) -> Self {
        match picture.samples() {
            Samples::Rgb => Self::Rgb(std::array::from_fn(|i| Row::of(picture, top + i))),
            Samples::Grey => Self::Grey(std::array::from_fn(|i| Row::of(picture, top + i))),
        }
    }

    /// The luma of a tile; 0 beyond the edges.
    #[inline(always)]
    fn luma<L: Lanes>(&self, lanes: L, tile: usize, out: &mut Block) {
        match self {
            Self::Rgb(rows) => {
                for (luma, row) in out.iter_mut().zip(rows) {
                    let sixteen = match row.tiles.get(tile) {
                        Some(pixels) => {
                            lanes.prefetch(pixels.as_ptr().wrapping_add(AHEAD));
                            lanes.luma_rgb(pixels)
                        }
                        None => lanes.luma_rgb(&row.last(tile)),
                    };
                    lanes.store(sixteen, luma);
                }
            }
            Self::Grey(rows) => {
                for (luma, row) in out.iter_mut().zip(rows) {
                    let sixteen = match row.tiles.get(tile) {
                        Some(pixels) => {
                            lanes.prefetch(pixels.as_ptr().wrapping_add(AHEAD));
                            lanes.luma_grey(pixels)
                        }
                        None => lanes.luma_grey(&row.last(tile)),
                    };
                    lanes.store(sixteen, luma);
                }
            }
        }
    }
}

impl<'a, const N: usize> Row<'a, N> {
    fn of(picture: &'a Picture<'_>, y: usize) -> Self {
        let (tiles, rest) = picture.row(y).unwrap_or(&[]).as_chunks();
        Self { tiles, rest }
    }

    /// The tile behind all whole ones: the rest of the row, and zeros; further ones are zeros.
    #[cold]
    fn last(&self, tile: usize) -> [u8; N] {
        let mut padded = [0; N];
        if tile == self.tiles.len() {
            padded[..self.rest.len()].copy_from_slice(self.rest);
        }
        padded
    }
}

/// How far ahead of a tile its row is asked for, in bytes. Sixteen rows at a time are too many for a CPU to foresee: at 12
/// megapixels 0 took 9.5 ms, 192 bytes 7.5, 384 7.7, 768 8.0.
const AHEAD: usize = 256;

#[expect(
    clippy::cast_precision_loss,
    reason = "windows above 2^24 do not fit into memory"
)]
fn small(window: usize) -> f32 {
    window as f32
}
