//! Names that inputs and outputs of an agent have: no two of a kind the same.

use std::collections::{HashMap, HashSet};

/// The names given so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// How often a name was wished for: the next one gets the next number, without trying all those before.
    wished: HashMap<String, usize>,
}

impl Names {
    /// Keeps a name from being given.
    pub(super) fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// The wished name, or where it is taken that name with a number behind it.
    pub(super) fn give(&mut self, wished: &str) -> String {
        let count = self.wished.entry(wished.to_owned()).or_insert(0);
        loop {
            *count += 1;
            let name = if *count == 1 { wished.to_owned() } else { format!("{wished} {count}") };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn two_inputs_of_an_agent_can_be_told_apart() {
        let mut names = Names::default();
        names.take("Page URL 2");
        let given: Vec<String> = (0..3).map(|_| names.give("Page URL")).collect();
        assert_eq!(given, ["Page URL", "Page URL 3", "Page URL 4"]);
    }
}
