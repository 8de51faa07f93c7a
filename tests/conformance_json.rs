//! Same pixels, same hash, on pictures that are described and not stored.
//!
//! `testdata/conformance/pdq.json` says how to draw them and what the C++ reference makes of them. Here they are drawn
//! by the words of its `generators`, independent of the script that wrote it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]

use std::collections::HashMap;

use ijkpunt::hash::{Dihedral, Hasher, PROFILE, Pdq, Transform, oracle};
use ijkpunt::picture::Picture;
use serde_json::Value;

/// A vector: what to draw, and what must come out.
struct Vector(Value);

impl Vector {
    fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    fn number(&self, key: &str) -> usize {
        number(&self.0[key])
    }

    fn picture(&self) -> Picture<'static> {
        let [width, height] =
            ["width", "height"].map(|key| u32::try_from(self.number(key)).unwrap());
        let channels = self.number("channels");
        let stride = width as usize * channels;
        let picture = match channels {
            1 => Picture::grey(width, height, stride, self.samples()),
            3 => Picture::rgb(width, height, stride, self.samples()),
            _ => panic!("{}: {channels} channels", self.name()),
        };
        picture.unwrap()
    }

    fn pdq(&self) -> Pdq {
        hash(&self.0["pdq"])
    }

    fn quality(&self) -> usize {
        self.number("quality")
    }

    /// None for a picture of 64 x 64 pixels of which the reference's dihedral function makes another plain hash.
    fn forms(&self) -> Option<Vec<Pdq>> {
        let forms = self.0.get("dihedral")?.as_array().unwrap();
        Some(forms.iter().map(hash).collect())
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn hash(value: &Value) -> Pdq {
    value.as_str().unwrap().parse().unwrap()
}

fn transform(vector: &Vector) -> Transform {
    Hasher::new().hash(&vector.picture()).unwrap()
}

fn document() -> Value {
    serde_json::from_str(include_str!("../testdata/conformance/pdq.json")).unwrap()
}

fn vectors() -> Vec<Vector> {
    let vectors = document()["vectors"].as_array().unwrap().clone();
    assert!(vectors.len() > 40, "{} vectors", vectors.len());
    vectors.into_iter().map(Vector).collect()
}

#[test]
fn every_vector_has_the_reference_hash_quality_and_forms() {
    let mut with_forms = 0;
    for vector in vectors() {
        let name = vector.name();
        let ours = transform(&vector);
        let away = ours.pdq().distance(vector.pdq()).bits();
        assert_eq!(away, 0, "{name}: {away} bits from the reference");
        let quality = usize::from(ours.quality().get());
        assert_eq!(quality, vector.quality(), "{name}: quality");
        let Some(forms) = vector.forms() else {
            continue;
        };
        assert_eq!(forms.len(), 8, "{name}");
        for ((form, ours), theirs) in Dihedral::ALL.iter().zip(ours.forms()).zip(forms) {
            let away = ours.distance(theirs).bits();
            assert_eq!(away, 0, "{name} {form}: {away} bits from the reference");
        }
        with_forms += 1;
    }
    assert!(with_forms > 40, "{with_forms} with dihedral forms");
}

#[test]
fn the_oracle_meets_every_vector_too() {
    for vector in vectors() {
        let (pdq, quality) = oracle::hash(&vector.picture());
        let name = vector.name();
        assert_eq!(pdq.distance(vector.pdq()).bits(), 0, "{name}");
        assert_eq!(usize::from(quality.get()), vector.quality(), "{name}");
    }
}

#[test]
fn the_original_form_is_the_plain_hash_even_where_the_reference_disagrees_with_itself() {
    let mut disagrees = 0;
    for vector in vectors() {
        let ours = transform(&vector);
        assert_eq!(ours.forms()[0], ours.pdq(), "{}", vector.name());
        if vector.forms().is_none() {
            let size = ["width", "height"].map(|side| vector.number(side));
            assert_eq!(size, [64, 64], "{}", vector.name());
            disagrees += 1;
        }
    }
    assert!(disagrees > 0);
}

#[test]
fn a_grey_vector_and_its_rgb_copy_are_one() {
    let vectors = vectors();
    let by_name: HashMap<&str, &Vector> = vectors.iter().map(|v| (v.name(), v)).collect();
    let mut pairs = 0;
    for vector in &vectors {
        let Some(other) = vector.0.get("same_as") else {
            continue;
        };
        let other = by_name[other.as_str().unwrap()];
        assert_ne!(vector.number("channels"), other.number("channels"));
        let (one, two) = (transform(vector), transform(other));
        assert_eq!(one.forms(), two.forms(), "{}", vector.name());
        assert_eq!(one.quality(), two.quality(), "{}", vector.name());
        pairs += 1;
    }
    assert!(pairs > 0);
}

#[test]
fn the_vectors_cover_what_they_are_for() {
    let vectors = vectors();
    let any = |holds: &dyn Fn(&Vector) -> bool| vectors.iter().any(holds);
    for window in 1..=9 {
        let is = |vector: &Vector, side| vector.number(side).div_ceil(128) == window;
        assert!(any(&|v| is(v, "width")), "no width of window {window}");
        assert!(any(&|v| is(v, "height")), "no height of window {window}");
    }
    for quality in [0, 49, 50, 100] {
        assert!(any(&|v| v.quality() == quality), "no quality {quality}");
    }
    assert!(any(&|v| v.number("channels") == 1));
    assert!(any(&|v| v.number("width") > 100 * v.number("height")));
    assert_eq!(document()["profile"]["name"], PROFILE);
}

#[test]
fn one_sample_more_or_less_moves_the_hash() {
    // The comparison can fail: a picture drawn with one number changed is another picture.
    let vectors = vectors();
    let mut value = vectors[0].0.clone();
    value["pixels"]["seed"] = 99.into();
    let changed = Vector(value);
    assert!(transform(&changed).pdq().distance(vectors[0].pdq()).bits() > 0);
}

/// The generators, by the words of the file.
impl Vector {
    fn samples(&self) -> Vec<u8> {
        let pixels = &self.0["pixels"];
        let [width, height, channels] = ["width", "height", "channels"].map(|key| self.number(key));
        let of_channel = |key: &str, c: usize| number(&pixels[key][c]);
        let one = |key: &str| number(&pixels[key]);
        let every = |sample: &dyn Fn(usize, usize, usize) -> usize| -> Vec<u8> {
            let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
            places
                .flat_map(|(x, y)| (0..channels).map(move |c| sample(x, y, c)))
                .map(|sample| u8::try_from(sample).unwrap())
                .collect()
        };
        match pixels["kind"].as_str().unwrap() {
            "flat" => every(&|_, _, c| of_channel("value", c)),
            "xor" => every(&|x, y, c| {
                ((x * of_channel("across", c)) ^ (y * of_channel("down", c))) % 256
            }),
            "gradient" => every(&|x, y, c| {
                let (i, n) = match pixels["direction"].as_str().unwrap() {
                    "horizontal" => (x, width - 1),
                    "vertical" => (y, height - 1),
                    "diagonal" => (x + y, width + height - 2),
                    other => panic!("{}: {other}", self.name()),
                };
                (of_channel("from", c) * (n - i) + of_channel("to", c) * i) / n
            }),
            "checker" => {
                let cell = one("cell");
                every(&|x, y, c| match (x / cell + y / cell) % 2 {
                    0 => of_channel("even", c),
                    _ => of_channel("odd", c),
                })
            }
            "noise" => self.random().bytes(width * height * channels),
            "mosaic" => {
                let (rows, columns) = (one("rows"), one("columns"));
                let grid = self.random().bytes(rows * columns * channels);
                let (least, span) = (one("least"), one("span"));
                every(&|x, y, c| {
                    let cell = (y * rows / height) * columns + x * columns / width;
                    least + usize::from(grid[cell * channels + c]) * span / 256
                })
            }
            "rectangles" => self.rectangles(width, height, channels, one("count")),
            other => panic!("{}: {other}", self.name()),
        }
    }

    fn rectangles(&self, width: usize, height: usize, channels: usize, count: usize) -> Vec<u8> {
        let mut random = self.random();
        let mut canvas = vec![0; width * height * channels];
        for _ in 0..count {
            let (x0, y0) = (random.number(width), random.number(height));
            let x1 = (x0 + 1 + random.number(1 + width / 2)).min(width);
            let y1 = (y0 + 1 + random.number(1 + height / 2)).min(height);
            let colour: Vec<u8> = (0..channels)
                .map(|_| u8::try_from(random.number(256)).unwrap())
                .collect();
            for row in canvas.chunks_exact_mut(width * channels).take(y1).skip(y0) {
                for pixel in row[x0 * channels..x1 * channels].chunks_exact_mut(channels) {
                    pixel.copy_from_slice(&colour);
                }
            }
        }
        canvas
    }

    fn random(&self) -> Random {
        Random(self.0["pixels"]["seed"].as_u64().unwrap())
    }
}

/// The numbers that some generators draw.
struct Random(u64);

impl Random {
    fn draw(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let byte = |draw: u64| u8::try_from(draw >> 56).unwrap();
        (0..count).map(|_| byte(self.draw())).collect()
    }

    fn number(&mut self, n: usize) -> usize {
        usize::try_from(self.draw() >> 33).unwrap() % n
    }
}
