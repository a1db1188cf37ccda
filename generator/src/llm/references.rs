//! What steps are called, and how sources refer to them.

use crate::catalogue::letters;

/// The name of a step as steps and sources give it: `2` for 2, "2.0", "step 2" and `step_2`.
pub(super) fn label(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let cut =
        |start: &str| lower.strip_prefix(start).map(|rest| rest.trim_start_matches([' ', '_', '-', '#', '.', ':']));
    let bare = ["step", "#", "node", "no."].iter().find_map(|start| cut(start)).unwrap_or(&lower);
    let whole = bare
        .split_once('.')
        .filter(|(_, part)| part.bytes().all(|digit| digit == b'0'))
        .map_or(bare, |(whole, _)| whole);
    whole.parse::<i64>().map_or_else(|_| letters(&lower), |number| number.to_string())
}

/// The step and the output that a text such as "2.entry", "step 2: entry", `{{2.entry}}` or "entry of step 2" refers to.
/// A place in a list (`steps[1]`) is refused: it may be counted from 0.
pub(super) fn reference(text: &str) -> Option<(String, Option<String>)> {
    const MARKS: [char; 12] = ['.', ':', '/', '>', '|', '-', '=', ' ', ',', '#', '(', ')'];
    let text = text.trim().trim_start_matches(['$', '@', '{', '<']).trim_end_matches(['}', '>']).trim();
    if text.len() > 200 {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    for link in [" of step ", " from step "] {
        if let Some(at) = lower.find(link) {
            let output = text.get(..at)?.trim().trim_start_matches("output ").trim_matches(['`', '\'', '"']);
            let number = text.get(at + link.len()..)?.trim();
            let fits = is_token(output) && number.bytes().all(|digit| digit.is_ascii_digit());
            return fits.then(|| (label(number), Some(output.to_owned())));
        }
    }
    let after =
        ["steps", "step", "node"].iter().find_map(|start| lower.starts_with(start).then(|| text.get(start.len()..))?);
    let numbered = after.map(|after| after.trim_start_matches([' ', '_', '-', '#', '.']));
    let numbered = numbered.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let body = numbered.unwrap_or(text);
    let end = if body.starts_with(|c: char| c.is_ascii_digit()) {
        body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len())
    } else {
        body.find(['.', ':', '/', '>', '|']).unwrap_or(body.len())
    };
    let (step, rest) = body.split_at_checked(end)?;
    let mut output = rest.trim_start_matches(MARKS);
    for word in ["outputs", "output"] {
        let inner = output
            .strip_prefix(word)
            .filter(|inner| inner.starts_with(['.', ' ', ':', '/']))
            .map(|inner| inner.trim_start_matches(MARKS));
        output = inner.filter(|inner| !inner.is_empty()).unwrap_or(output);
    }
    let output = output.trim_end_matches([')', ' ']).trim_matches(['`', '\'', '"']);
    if output.is_empty() {
        return (step.len() == body.len() && is_token(step)).then(|| (label(step), None));
    }
    (is_token(step.trim()) && is_token(output) && rest.starts_with(MARKS))
        .then(|| (label(step), Some(output.to_owned())))
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || "_#$^.- ".contains(c))
        && text.split_whitespace().count() == 1
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn a_step_is_found_by_whatever_its_source_calls_it() {
        for (text, step, output) in [
            ("2.entry", "2", Some("entry")),
            ("step 2: entry", "2", Some("entry")),
            ("step_2.entry", "2", Some("entry")),
            ("steps.2.outputs.entry", "2", Some("entry")),
            ("{{2.entry}}", "2", Some("entry")),
            ("${step2.entry}", "2", Some("entry")),
            ("entry of step 2", "2", Some("entry")),
            ("2 -> entry", "2", Some("entry")),
            ("2/entry_#_title", "2", Some("entry_#_title")),
            ("fetch.entry", "fetch", Some("entry")),
            ("2", "2", None),
            ("step 2", "2", None),
        ] {
            assert_eq!(reference(text), Some((step.to_owned(), output.map(str::to_owned))), "{text}");
        }
        for text in ["", "the second step gives it", "steps[1].entry", "2entry", "Hello: my friend"] {
            assert_eq!(reference(text), None, "{text}");
        }
    }
}
