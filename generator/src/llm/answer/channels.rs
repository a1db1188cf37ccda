//! Tells a model's answer from its reasoning, which many servers leave in the text.

use super::tries::Tries;

/// What opens reasoning and what closes it, in lower case. A closer that nothing opened makes what stands before it
/// reasoning: servers put the opener into the prompt.
const MARKS: [(&[&str], &[&str]); 14] = [
    (&["<think>"], &["</think>"]),
    (&["<thinking>"], &["</thinking>"]),
    (&["<thought>", "<thoughts>"], &["</thought>", "</thoughts>"]),
    (&["<reasoning>", "<reason>"], &["</reasoning>", "</reason>"]),
    (&["<analysis>", "<scratchpad>"], &["</analysis>", "</scratchpad>"]),
    (&["<reflection>"], &["</reflection>"]),
    (&["[think]"], &["[/think]"]),
    (&["<seed:think>"], &["</seed:think>"]),
    (&["<|think|>"], &["<|/think|>"]),
    (&["<|start_thinking|>"], &["<|end_thinking|>"]),
    (&["<|begin_of_thought|>"], &["<|end_of_thought|>"]),
    (&["<|inner_prefix|>"], &["<|inner_suffix|>"]),
    (&["<|channel>thought", "<unused94>"], &["<channel|>", "<unused95>"]),
    (&["◁think▷"], &["◁/think▷"]),
];
/// Channels as gpt-oss names them: `final` closes all others.
const CHANNELS: (&[&str], &[&str]) =
    (&["<|channel|>analysis", "<|channel|>commentary"], &["<|channel|>final", "<|end|>", "<|call|>"]);

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Channels {
    pub(super) answer: String,
    pub(super) reasoning: String,
}

/// A mark within an object that can be read is a part of a value.
pub(super) fn split(text: &str) -> Channels {
    let mut tries = Tries::of(text);
    let mut channels = Channels { answer: String::new(), reasoning: String::new() };
    let (mut closers, mut from, mut at): (Option<&[&str]>, usize, usize) = (None, 0, 0);
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(['<', '[', '◁', '{'])) {
        at += offset;
        if closers.is_none()
            && text.get(at..).is_some_and(|rest| rest.starts_with('{'))
            && let Some(Ok(read)) = tries.read(at)
        {
            at = read.end;
            continue;
        }
        let Some((mark, opens, of)) = mark(text, at) else {
            at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            continue;
        };
        let before = text.get(from..at).unwrap_or_default();
        match (closers, opens) {
            (None, true) => {
                channels.answer.push_str(before);
                closers = Some(of);
            }
            (None, false) => {
                // Nothing opened it.
                channels.answer.push_str(before);
                if !["<|end|>", "<|call|>"].contains(&mark) {
                    let answer = std::mem::take(&mut channels.answer);
                    channels.reasoning.push_str(&answer);
                }
            }
            (Some(mine), false) if mine.contains(&mark) => {
                channels.reasoning.push_str(before);
                closers = None;
            }
            // A mark within reasoning of another kind.
            (Some(_), _) => {
                at += mark.len();
                continue;
            }
        }
        at += mark.len();
        from = at;
    }
    let last = text.get(from..).unwrap_or_default();
    if closers.is_some() {
        channels.reasoning.push_str(last)
    } else {
        channels.answer.push_str(last)
    }
    channels
}

/// The mark at a place, whether it opens, and what closes it.
fn mark(text: &str, at: usize) -> Option<(&'static str, bool, &'static [&'static str])> {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    // Most brackets are not marks.
    if !matches!(bytes, [b'[', b't' | b'T' | b'/', ..] | [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'|', ..] | [0x80..=0xFF, ..])
    {
        return None;
    }
    let begins = |mark: &&str| bytes.get(..mark.len()).is_some_and(|part| part.eq_ignore_ascii_case(mark.as_bytes()));
    MARKS.iter().chain([&CHANNELS]).find_map(|(open, close)| {
        let found = |marks: &'static [&'static str], opens| {
            marks.iter().copied().find(|mark| begins(mark)).map(|mark| (mark, opens, *close))
        };
        found(open, true).or_else(|| found(close, false))
    })
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn what_a_model_says_to_itself_is_not_its_answer() {
        for text in [
            "<think>no</think>yes",
            "<Thinking>no <think> no</Thinking>yes",
            "no</think>yes",
            "<think>no</think><think>no</think>yes",
            "ye<reasoning>no</reasoning>s",
            "yes<think>no",
            "[THINK]no[/THINK]yes",
            "<seed:think>no</seed:think>yes",
            "◁think▷no◁/think▷yes",
            "<|channel>thoughtno<channel|>yes",
            "<|START_THINKING|>no<|END_THINKING|>yes",
        ] {
            let channels = split(text);
            assert_eq!(channels.answer, "yes", "{text}");
            assert!(channels.reasoning.starts_with("no"), "{text}");
        }
        let harmony =
            "<|channel|>analysis<|message|>no<|end|><|start|>assistant<|channel|>final<|message|>yes<|return|>";
        assert_eq!(split(harmony).answer, "<|message|>yes<|return|>");
        assert_eq!(split("plain [1] <b>").answer, "plain [1] <b>");
    }
}
