//! The model's window: what a prompt may cost, estimated before anything is sent.

use shared::failure::Failure;

use crate::validator;

/// In tokens: the window that is assumed if nothing says otherwise, and the largest answer.
pub(super) const CONTEXT: usize = 32_768;
const LONGEST_ANSWER: usize = 16_384;
/// Below this window, prompts have neither the directory nor the further examples, and short cards.
const ROOMY: usize = 12_288;
/// For what the server puts around turns.
const WRAPPING: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    context: usize,
    answer: usize,
}

impl Window {
    /// A quarter of the window is kept for the answer, at most `most` tokens.
    pub(super) fn new(context: usize, most: Option<usize>) -> Self {
        Self { context, answer: (context / 4).min(most.unwrap_or(LONGEST_ANSWER)) }
    }

    /// Tokens for a prompt.
    pub(super) fn room(self) -> usize {
        self.context.saturating_sub(self.answer + WRAPPING)
    }

    pub(super) fn is_roomy(self) -> bool {
        self.context >= ROOMY
    }
}

/// About how many tokens a text has; rather too many than too few, since a server refuses a request that is too long or
/// cuts it in silence.
///
/// English and JSON take 3.5 to 4.5 bytes per token in the usual vocabularies, names in camel case and numbers fewer: 3 are
/// counted. Other scripts take a token per character or two: 2 bytes are counted, that is 1.5 tokens for a character of
/// Chinese or Hindi, 1 for one of Arabic. A run of white space counts as one byte.
pub(super) fn tokens(text: &str) -> usize {
    let (mut ascii, mut other, mut blank) = (0, 0, false);
    for byte in text.bytes() {
        if byte.is_ascii_whitespace() {
            ascii += usize::from(!blank);
            blank = true;
        } else {
            blank = false;
            *if byte.is_ascii() { &mut ascii } else { &mut other } += 1;
        }
    }
    ascii.div_ceil(3) + other.div_ceil(2)
}

/// `what` is a plural or singular with its verb: `the steps are`.
pub(super) fn too_large(what: &str, size: usize, most: usize) -> Failure {
    validator::refusal(&[format!(
        "{what} too large for the language model: about {size} tokens, {most} at most (MODEL_CONTEXT_TOKENS)"
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_script_is_taken_for_cheaper_than_it_is() {
        for (text, least) in [
            ("Every morning at 7, read the feed", 33 / 3),
            // As many tokens as characters, and more.
            ("毎朝7時に読む", 7),
            ("हर सुबह", 7),
            ("كل صباح", 7),
        ] {
            assert!((least..least * 2).contains(&tokens(text)), "{text}: {}", tokens(text));
        }
        assert_eq!(tokens("a                    \n\n      b"), 1);
    }

    #[test]
    fn an_answer_always_has_room() {
        for (context, most, room) in [(32_768, None, 24_512), (8_192, None, 6_080), (128_000, Some(4_096), 123_840)] {
            assert_eq!(Window::new(context, most).room(), room);
        }
        assert_eq!(Window::new(0, None).room(), 0);
    }
}
