//! The text inside of `!!binary` scalars.

/// The text that a `!!binary` value holds.
pub(super) fn binary_text(value: &str) -> Result<String, &'static str> {
    let bytes = decode_base64(value).ok_or("!!binary value contains invalid base64 data")?;
    String::from_utf8(bytes).map_err(|_| "!!binary value is not UTF-8 text")
}

/// Decodes padded base64; line breaks do not count.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b"\r\n".contains(b)).collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take_while(|&&b| b == b'=').count();
    let (digits, _) = digits.split_at(digits.len() - padding);
    if padding > 2 {
        return None;
    }
    let mut bytes = Vec::new();
    let mut bits: u32 = 0;
    for (at, &digit) in digits.iter().enumerate() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        if at % 4 != 0 {
            let [.., byte] = (bits >> (6 - 2 * (at % 4))).to_be_bytes();
            bytes.push(byte);
        }
    }
    Some(bytes)
}
