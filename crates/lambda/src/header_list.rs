//! Headers that are lists. A gateway may join the lines of a repeated header with commas.

/// The elements of a list (RFC 9110, section 5.6.1): splits at commas outside quoted strings, skips empty elements.
pub fn elements(list: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = list.split(move |character| {
        if std::mem::take(&mut is_escaped) {
            return false;
        }
        match character {
            '\\' => is_escaped = is_quoted,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        character == ',' && !is_quoted
    });
    parts.map(|part| part.trim_matches([' ', '\t'])).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_quotes_does_not_split_an_element() {
        let list = r#" a ,,b;x="1, \", 2",	c, "d"#;
        assert_eq!(elements(list).collect::<Vec<_>>(), ["a", r#"b;x="1, \", 2""#, "c", r#""d"#]);
        assert_eq!(elements(" , ").count(), 0);
    }
}
