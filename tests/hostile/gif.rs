//! GIF with more frames than anyone would draw.

/// One pixel, or a canvas of this side, drawn `frames` times as a part of 1 x 1 in turns of two colours.
pub(crate) fn flicker(side: u16, frames: usize) -> Vec<u8> {
    let mut file = b"GIF89a".to_vec();
    file.extend(side.to_le_bytes());
    file.extend(side.to_le_bytes());
    file.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    for i in 0..frames {
        file.extend([0x21, 0xf9, 4, 0, 1, 0, 0, 0]);
        let [low, high] = ((i as u16) % side).to_le_bytes();
        file.extend([0x2c, low, high, 0, 0, 1, 0, 1, 0, 0]);
        let data = if i % 2 == 0 {
            [0x44, 0x01]
        } else {
            [0x4c, 0x01]
        };
        file.extend([2, 2, data[0], data[1], 0]);
    }
    file.push(0x3b);
    file
}
