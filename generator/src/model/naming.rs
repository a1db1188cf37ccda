//! The blocks that a model names while its answer arrives, for whoever watches it.

/// Names of one answer, at most.
const MOST: usize = 40;
const LONGEST: usize = 80;
const KEY: &str = "\"block\"";

/// Reads a growing text once. What it finds is a hint: the answer is not parsed yet.
#[derive(Debug, Default)]
pub(super) struct Naming {
    /// Bytes that need not be read again.
    read: usize,
    found: usize,
}

impl Naming {
    /// The names under the key `block` that have become whole since the last call. Only what can be a block's name: other
    /// text of a model may repeat the person's words.
    pub(super) fn more<'t>(&mut self, text: &'t str) -> Vec<&'t str> {
        let mut names = Vec::new();
        while self.found < MOST {
            let Some(rest) = text.get(self.read..) else { break };
            let Some(at) = rest.find(KEY) else {
                // The key may be half there.
                let begun = text.len().saturating_sub(KEY.len());
                self.read = self.read.max(text.floor_char_boundary(begun));
                break;
            };
            let value = rest.get(at + KEY.len()..).unwrap_or_default();
            let opened = value.trim_start().trim_start_matches(':').trim_start();
            match opened.strip_prefix('"').map(|name| name.split_once('"')) {
                Some(Some((name, _))) => {
                    self.read += at + KEY.len();
                    if is_name(name) {
                        self.found += 1;
                        names.push(name);
                    }
                }
                // Goes on with the next piece, unless it is too long for a name, or nothing but blanks comes.
                Some(None) if opened.len() <= LONGEST => {
                    self.read += at;
                    break;
                }
                None if opened.is_empty() && value.len() <= LONGEST => {
                    self.read += at;
                    break;
                }
                _ => self.read += at + KEY.len(),
            }
        }
        names
    }
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str, piece: usize) -> Vec<String> {
        let (mut naming, mut names) = (Naming::default(), Vec::new());
        for end in (piece..text.len()).step_by(piece).chain([text.len()]) {
            let part = &text[..text.floor_char_boundary(end)];
            names.extend(naming.more(part).into_iter().map(str::to_owned));
        }
        names
    }

    #[test]
    fn a_watcher_hears_each_block_once_however_the_answer_is_cut() {
        let text = r#"é {"steps":[{"block":"ReadRSSFeedBlock","title":"a \"block\" of text"},{"block" : "AIBlock"},
            {"block":null},{"block":"my words, with spaces"},{"block":"ReadRSSFeedBlock"}]}"#;
        for piece in 1..=text.len() {
            assert_eq!(heard(text, piece), ["ReadRSSFeedBlock", "AIBlock", "ReadRSSFeedBlock"], "{piece}");
        }
    }

    #[test]
    fn a_runaway_answer_does_not_fill_the_log() {
        let text = r#"{"block":"A"}"#.repeat(1_000);
        assert_eq!(heard(&text, 7).len(), MOST);
        assert!(heard(&format!(r#""block":"{}"#, "x".repeat(10_000)), 100).is_empty());
        assert!(heard(&format!(r#""block":{}"A""#, " ".repeat(10_000)), 100).is_empty());
    }
}
