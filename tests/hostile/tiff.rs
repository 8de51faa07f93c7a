//! TIFF by its directories.

/// A field: its tag and its numbers, stored as 32 bits (but 338, of which there is one).
pub(crate) type Field = (u16, Vec<u32>);

/// Pages one after the other, little endian, each with its data in one strip.
pub(crate) fn file(pages: &[(Vec<Field>, Vec<u8>)]) -> Vec<u8> {
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for (fields, data) in pages {
        let strip = file.len() as u32;
        file.extend(data);
        let mut fields = fields.clone();
        if !fields.iter().any(|(tag, _)| matches!(tag, 273 | 324)) {
            fields.extend([(273, vec![strip]), (279, vec![data.len() as u32])]);
        }
        fields.sort();
        let at = file.len() as u32;
        file[link..link + 4].copy_from_slice(&at.to_le_bytes());
        let mut values = Vec::new();
        let behind = file.len() + 2 + fields.len() * 12 + 4;
        file.extend((fields.len() as u16).to_le_bytes());
        for (tag, numbers) in &fields {
            file.extend(tag.to_le_bytes());
            let kind: u16 = if *tag == 338 { 3 } else { 4 }; // the decoder takes no other for that one
            file.extend(kind.to_le_bytes());
            file.extend((numbers.len() as u32).to_le_bytes());
            let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
            if bytes.len() == 4 {
                file.extend(bytes);
            } else {
                file.extend(((behind + values.len()) as u32).to_le_bytes());
                values.extend(bytes);
            }
        }
        link = file.len();
        file.extend([0; 4]);
        file.extend(values);
    }
    file
}

/// The fields of a picture in one strip without compression.
pub(crate) fn fields(width: u32, height: u32, bits: u32, colours: u32, samples: u32) -> Vec<Field> {
    vec![
        (256, vec![width]),
        (257, vec![height]),
        (258, vec![bits; samples as usize]),
        (262, vec![colours]),
        (277, vec![samples]),
    ]
}

/// The place of the first directory's link to the next.
pub(crate) fn first_link(file: &[u8]) -> usize {
    let at = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let count = u16::from_le_bytes(file[at..at + 2].try_into().unwrap());
    at + 2 + usize::from(count) * 12
}
