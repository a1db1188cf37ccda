//! What of a plan's form cannot be used, as data: told to a model in one way and to an assistant in another.

#[derive(Debug)]
pub(crate) struct Slip {
    /// Counted from 0; `None` if it is not in a step.
    pub(crate) step: Option<usize>,
    /// Of that step.
    pub(crate) input: Option<usize>,
    /// The key that is wrong there; may be blank.
    pub(super) part: &'static str,
    pub(crate) wrong: Wrong,
}

impl Slip {
    pub(crate) fn path(&self) -> String {
        let step = self.step.map(|step| format!("steps[{step}]"));
        let input = self.input.map(|input| format!("inputs[{input}]"));
        let part = Some(self.part.to_owned()).filter(|part| !part.is_empty());
        [step, input, part].into_iter().flatten().collect::<Vec<_>>().join(".")
    }
}

/// Names of the form are quoted here, cut, and nowhere in [`Wrong::message`].
#[derive(Debug)]
pub(crate) enum Wrong {
    Schedule,
    /// With what the step says of its block.
    Block(String),
    /// With what the source calls its step.
    Step(String, Found),
    /// The step that is referred to has several outputs, and none is named. With the id of its block.
    NoOutput(String),
    /// With the name of the input.
    Twice(String),
    /// What does not fit one of the person's own agents.
    Agent(&'static str),
}

impl Wrong {
    pub(crate) fn message(&self) -> &'static str {
        match self {
            Self::Schedule => "not a cron expression of five fields",
            Self::Block(_) => "not the name of a block to build with",
            Self::Step(..) => "not the number of an earlier step",
            Self::NoOutput(_) => "missing",
            Self::Twice(_) => "given twice",
            Self::Agent(message) => message,
        }
    }
}

/// The step that a source means instead of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// More than one step has that number or name.
    Several,
    Itself,
    /// Counted from 0.
    Later(usize),
}
