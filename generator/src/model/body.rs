//! The JSON text in a body as servers send it: compressed, with a byte order mark, in broken UTF-8, with half surrogates.

use std::{borrow::Cow, io::Read};

use flate2::read::GzDecoder;
use http_client::MAX_ANSWER;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const MARK: char = '\u{feff}';
/// What ends some answers although no stream was asked for.
const DONE: &str = "data: [DONE]";

/// The text of a body; broken UTF-8 becomes U+FFFD. Fails if it inflates to too much.
pub(super) fn decoded(bytes: &[u8]) -> Result<String, TooLarge> {
    let mut inflated = Vec::new();
    let bytes = if bytes.starts_with(&GZIP) {
        let most = u64::try_from(MAX_ANSWER).unwrap_or(u64::MAX);
        let read = GzDecoder::new(bytes).take(most.saturating_add(1)).read_to_end(&mut inflated);
        if inflated.len() > MAX_ANSWER {
            return Err(TooLarge);
        }
        if read.is_ok() { &inflated } else { bytes }
    } else {
        bytes
    };
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches(MARK).trim();
    Ok(whole_surrogates(text.strip_suffix(DONE).unwrap_or(text).trim_end()).into_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLarge;

/// Replaces the escapes of half surrogate pairs by that of U+FFFD: no parser takes them.
pub(super) fn whole_surrogates(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| {
        let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(escape, 16).ok()
    };
    let (mut mended, mut copied, mut from) = (String::new(), 0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| rest.find('\\')) {
        let at = from + found;
        from = match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => at + 12,
            Some(0xd800..=0xdfff) => {
                mended.push_str(text.get(copied..at).unwrap_or_default());
                mended.push_str("\\ufffd");
                copied = at + 6;
                copied
            }
            // The backslash and what it escapes.
            _ => text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(text.len(), |c| at + 1 + c.len_utf8()),
        };
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(mended)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    #[test]
    fn an_answer_is_read_however_a_server_packs_it() {
        let json = r#"{"a":"b"}"#;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(json.as_bytes()).unwrap();
        for body in [
            json.as_bytes().to_vec(),
            format!("\u{feff}{json}").into_bytes(),
            format!("\n{json}\n\ndata: [DONE]\n\n").into_bytes(),
            gzip.finish().unwrap(),
        ] {
            assert_eq!(decoded(&body).as_deref(), Ok(json));
        }
        assert_eq!(decoded(b"{\"a\":\"\xff\"}").as_deref(), Ok("{\"a\":\"\u{fffd}\"}"));
    }

    #[test]
    fn a_small_body_does_not_fill_the_memory() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&vec![b' '; MAX_ANSWER + 1]).unwrap();
        assert_eq!(decoded(&gzip.finish().unwrap()), Err(TooLarge));
    }

    #[test]
    fn half_a_surrogate_pair_does_not_cost_the_answer() {
        for (text, mended) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d x""#, r#""\ufffd x""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\u12"#, r#""\u12"#),
            ("\"\\é\\", "\"\\é\\"),
        ] {
            assert_eq!(whole_surrogates(text), mended);
        }
    }
}
