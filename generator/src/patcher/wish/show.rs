//! A wish as it was understood, for a terminal.

use super::Operation;

/// One operation a line.
pub(in crate::patcher) fn show(operations: &[Operation]) -> String {
    let line = |(at, operation): (usize, &Operation)| {
        let mut line = format!("{at:>2} {}\n       {:?}", operation.said, operation.act);
        let beside = [("if", &operation.condition), ("fails", &operation.failure), ("instead of", &operation.instead)];
        for (name, text) in beside {
            if let Some(text) = text {
                line.push_str(&format!(" {name} [{text}]"));
            }
        }
        if let Some(place) = &operation.place {
            line.push_str(&format!(" at {place:?}"));
        }
        for (name, is) in [("also", operation.also), ("only", operation.only)] {
            if is {
                line.push_str(&format!(" <{name}>"));
            }
        }
        line + "\n"
    };
    operations.iter().enumerate().map(line).collect()
}
