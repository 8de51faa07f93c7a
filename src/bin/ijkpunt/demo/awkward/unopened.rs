//! What is no picture, and pictures in formats that are not decoded. Of most the beginning is enough: no further is read.

use super::super::variant::Variants;

pub(super) const UNOPENED: &Variants = &[
    ("text.jpg", |_, _| Ok(TEXT.into())),
    ("empty.png", |_, _| Ok(Vec::new())),
    ("phone.heic", |_, _| Ok(HEIC.into())),
    ("archive.zip", |_, _| Ok(ZIP.into())),
    ("video.mp4", |_, _| Ok(MP4.into())),
    ("document.pdf", |_, _| {
        Ok(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".into())
    }),
    ("drawing.svg", |_, _| Ok(SVG.into())),
    ("photo.avif", |_, _| Ok(AVIF.into())),
    ("first-bytes.jpg", |_, _| Ok(b"\xff\xd8\xff\xe0".into())),
    ("first-bytes.png", |_, _| Ok(b"\x89PNG\r\n\x1a\n".into())),
    ("photo.jxl", |_, _| Ok(b"\xff\x0a\xfa\x1f\x01\x91".into())),
    ("photo.jp2", |_, _| Ok(b"\0\0\0\x0cjP  \r\n\x87\n".into())),
    ("layers.psd", |_, _| {
        Ok(b"8BPS\0\x01\0\0\0\0\0\0\0\x03".into())
    }),
    ("icon.ico", |_, _| Ok(b"\0\0\x01\0\x01\0\x10\x10".into())),
    ("photo.qoi", |_, _| {
        Ok(b"qoif\0\0\x01\0\0\0\x01\0\x03\0".into())
    }),
    ("archive.gz", |_, _| {
        Ok(b"\x1f\x8b\x08\0\0\0\0\0\0\x03".into())
    }),
    ("archive.7z", |_, _| Ok(b"7z\xbc\xaf\x27\x1c\0\x04".into())),
    ("archive.rar", |_, _| Ok(RAR.into())),
    ("video.webm", |_, _| {
        Ok(b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01".into())
    }),
    ("video.avi", |_, _| Ok(b"RIFF\0\x10\0\0AVI LIST".into())),
    ("video.flv", |_, _| Ok(b"FLV\x01\x05\0\0\0\x09".into())),
    ("video.ogv", |_, _| Ok(b"OggS\0\x02\0\0\0\0\0\0\0\0".into())),
    ("video.ts", |_, _| {
        Ok([&[0x47][..], &[0xff; 187]].concat().repeat(4))
    }),
    ("backup.tmp", |_, _| Ok(vec![42; 100])),
];

const TEXT: &[u8] = b"This is a text. Somebody gave it a name that ends in .jpg.\n";

const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='9'/></svg>";

pub(super) const HEIC: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10mdat\0\0\0\0\0\0\0\0";

const AVIF: &[u8] = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\x10mdat\0\0\0\0\0\0\0\0";

pub(super) const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42\0\0\0\x10mdat\0\0\0\0\0\0\0\0";

pub(super) const RAR: &[u8] = b"Rar!\x1a\x07\x01\0\x33\x92\xb5\xe5";

/// An empty file named `a`: its header, its entry in the directory, and where that is.
pub(super) const ZIP: &[u8] = b"PK\x03\x04\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0a\
PK\x01\x02\x0a\0\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a\
PK\x05\x06\0\0\0\0\x01\0\x01\0\x2f\0\0\0\x1f\0\0\0\0\0";
