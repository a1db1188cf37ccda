//! The vote of a text.

use super::columns::{
    ARABIC, CHINESE, COLUMNS, Column, ENGLISH, JAPANESE, KOREAN, LINES, RUSSIAN, STRANGE, VOTES, by_form, script,
};

/// Parts of names: "Rio de Janeiro".
const PARTICLES: [&str; 11] = ["de", "da", "do", "di", "del", "della", "du", "la", "le", "el", "van"];

/// Votes by column.
#[derive(Debug, Default)]
pub(super) struct Poll {
    /// No letter is small, so that no capital marks a name.
    shouted: bool,
    all: [u32; COLUMNS],
    /// Of the part between two marks that is being read.
    part: [u32; COLUMNS],
    /// A part is English.
    english: bool,
    /// The next word begins a sentence.
    begins: bool,
    /// The last word has a capital.
    capital: bool,
    /// There is a letter that none of the scripts with a column has.
    strange: bool,
    /// Of a particle behind a capital, which counts unless another capital follows.
    held: u32,
}

impl Poll {
    pub(super) fn of(shouted: bool) -> Self {
        Self { shouted, ..Self::default() }
    }

    pub(super) fn line(&mut self, line: &str) {
        self.begins = true;
        for chunk in line.split_whitespace() {
            if is_code(chunk) {
                self.capital = true;
                continue;
            }
            let mut word = String::new();
            let mut chars = chunk.chars().peekable();
            let (mut joined, mut last) = (None, None);
            while let Some(c) = chars.next() {
                match script(c) {
                    Some(ENGLISH) => word.push(c),
                    Some(column) => {
                        self.word(&std::mem::take(&mut word), joined, None);
                        self.strange(column, last, chars.peek().copied());
                    }
                    None => {
                        self.word(&std::mem::take(&mut word), joined, Some(c));
                        joined = Some(c);
                        self.mark(c);
                    }
                }
                last = Some(c);
            }
            self.word(&word, joined, None);
        }
        self.end_part();
    }

    /// A word of Latin letters between two marks of the same chunk. A word counts 2.
    fn word(&mut self, word: &str, before: Option<char>, after: Option<char>) {
        if word.is_empty() {
            return;
        }
        let capital = word.starts_with(char::is_uppercase);
        let (begins, follows_capital) = (self.begins, self.capital);
        (self.begins, self.capital) = (false, capital);
        let held = std::mem::take(&mut self.held);
        if !capital {
            self.count(held);
        }
        let small = word.to_lowercase();
        let is_apostrophe = |mark: Option<char>| matches!(mark, Some('\'' | '’'));
        let elided = VOTES.get(format!("{small}'").as_str()).filter(|_| is_apostrophe(after));
        let is_piece = (is_apostrophe(before) || before == Some('-') || after == Some('-')) && word.chars().count() < 3;
        let votes = match elided.or_else(|| VOTES.get(small.as_str())) {
            _ if is_piece => 0,
            Some(votes) => *votes,
            None => by_form(&small),
        };
        let is_name = capital && !begins && !self.shouted;
        match () {
            () if is_name => self.count(votes & 1),
            () if follows_capital && PARTICLES.contains(&small.as_str()) => self.held = votes,
            () => self.count(votes),
        }
    }

    fn count(&mut self, votes: u32) {
        for line in 0..LINES {
            if let Some(count) = self.part.get_mut(line).filter(|_| votes & (1 << line) != 0) {
                *count += 2;
            }
        }
    }

    /// A letter of another script. Two letters of a script without blanks count as a word, in others two or more do.
    fn strange(&mut self, column: Column, before: Option<char>, next: Option<char>) {
        let is_strange = |c: Option<char>| c.and_then(script).is_some_and(|script| script != ENGLISH);
        let ends = is_strange(before) && !is_strange(next);
        if let Some(count) = self.part.get_mut(column) {
            match column {
                CHINESE | JAPANESE | KOREAN => *count += 1,
                _ => *count += if ends { 2 } else { 0 },
            }
        }
        self.strange |= column == STRANGE;
        self.begins = false;
    }

    fn mark(&mut self, mark: char) {
        if matches!(mark, '.' | '!' | '?' | ':' | ';' | ',' | '(' | ')' | '。' | '！' | '？' | '：' | '，' | '、')
        {
            self.end_part();
            self.begins = !matches!(mark, ',' | '，' | '、');
        }
    }

    fn end_part(&mut self) {
        let held = std::mem::take(&mut self.held);
        self.count(held);
        let part = std::mem::take(&mut self.part);
        let (_, foreign) = most(&part);
        let english = part.first().copied().unwrap_or_default();
        self.english |= english >= 4 && english > foreign;
        self.all.iter_mut().zip(part).for_each(|(all, part)| *all += part);
    }

    /// `None` for English.
    pub(super) fn result(mut self) -> Option<Column> {
        let [.., chinese, japanese, _, _, _, _, _] = &mut self.all;
        if *japanese > 0 {
            *japanese += std::mem::take(chinese);
        }
        let (column, foreign) = most(&self.all);
        // Ukrainian has letters of its own, and so has Persian.
        let column = if self.strange && matches!(column, RUSSIAN | ARABIC) { STRANGE } else { column };
        let english = self.all.first().copied().unwrap_or_default();
        let enough = if column >= LINES {
            1
        } else if self.shouted {
            6
        } else {
            4
        };
        (!self.english && foreign >= enough && foreign > english).then_some(column)
    }
}

/// The column other than English with the most votes, the first of equals.
fn most(votes: &[u32; COLUMNS]) -> (Column, u32) {
    let others = votes.iter().copied().enumerate().skip(1);
    others.fold((1, 0), |best, one| if one.1 > best.1 { one } else { best })
}

/// Addresses, names of files, paths, tags, versions: no words of a language.
fn is_code(chunk: &str) -> bool {
    let is_strange = chunk.chars().any(|c| script(c).is_some_and(|column| column != ENGLISH));
    let inside = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    !is_strange && inside.contains(|c: char| c.is_ascii_digit() || "@#/\\_<>{}[]=$|.:".contains(c))
        || chunk.starts_with(['#', '@', '$', '<', '{'])
}
