//! Whole pictures with something behind their end. What stands there is named and not opened; where the picture does not
//! match, that leaves the upload undecided.

use super::super::encode::{bmp, gif, png, tiff, usual, webp};
use super::super::variant::Variants;
use super::bytes::followed;
use super::unopened::{HEIC, MP4, RAR, ZIP};

pub(super) const FOLLOWED: &Variants = &[
    ("motion-photo.jpg", |image, _| {
        Ok(followed(usual(image)?, MP4))
    }),
    ("polyglot.jpg", |image, _| Ok(followed(usual(image)?, ZIP))),
    ("second.jpg", |image, _| {
        Ok(followed(usual(image)?, &usual(image)?))
    }),
    ("png-behind.jpg", |image, _| {
        Ok(followed(usual(image)?, &png(image)?))
    }),
    ("rar.png", |image, _| Ok(followed(png(image)?, RAR))),
    ("video.gif", |image, _| {
        Ok(followed(gif([image.clone()])?, MP4))
    }),
    ("heic.webp", |image, _| Ok(followed(webp(image)?, HEIC))),
    ("polyglot.bmp", |image, _| Ok(followed(bmp(image)?, ZIP))),
    ("rar.tiff", |image, _| Ok(followed(tiff([image])?, RAR))),
    ("samsung.jpg", |image, _| {
        Ok(followed(usual(image)?, SAMSUNG))
    }),
];

/// How cameras of Samsung begin what they put behind a photo.
const SAMSUNG: &[u8] = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data";
