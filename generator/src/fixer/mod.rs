//! The fixer: what is wrong with a graph and has one right mend is mended before the validator looks at it.
//!
//! A mend is kept here only where it cannot change what the person meant. Of the mends that are usual elsewhere these
//! are left out, because over this catalogue they would: a store in front of a condition (it tears pairs of values
//! apart), a self link on every block that adds to a list (with no list it makes a list of one, which is a use of its
//! own), the removal of links into parts that do not exist and of values for inputs that do not (something that was
//! wanted would silently be lost; the validator names it instead), the sign of a date's offset (a day to come is a
//! wish), the blank for an empty replacement (an empty text is a value here), defaults of tool calls (the schemas have
//! them), and the copying of another agent's schemas (we do not have that agent).
//!
//! All mends together are idempotent: fixing twice is fixing once.

mod graph;
mod links;
mod places;
mod prompts;
mod reach;
mod values;

use serde_json::Value;

use self::graph::Work;
pub use self::reach::Reach;
use crate::catalogue::Catalogue;

/// A mend: its name, and the function that makes it.
#[derive(Debug, Clone, Copy)]
pub struct Fix {
    /// Its name.
    pub name: &'static str,
    mend: fn(&mut Work<'_>),
}

/// All mends, in their order: converters before the static links and the places, which have to be right for them too.
pub const FIXES: [Fix; 9] = [
    Fix { name: "ids", mend: links::ids },
    Fix { name: "credentials", mend: values::credentials },
    Fix { name: "value_types", mend: values::value_types },
    Fix { name: "choices", mend: values::choices },
    Fix { name: "template_braces", mend: prompts::template_braces },
    Fix { name: "printed_output", mend: links::printed_output },
    Fix { name: "link_types", mend: links::link_types },
    Fix { name: "static_links", mend: links::static_links },
    Fix { name: "places", mend: places::places },
];

/// Mends an agent within `reach`. What is no agent, and what no mend is for, comes back as it was; keys that are not
/// known survive.
pub fn fix(catalogue: &Catalogue, agent: Value, reach: &Reach) -> Value {
    run(catalogue, agent, reach, &FIXES)
}

/// One mend alone, by its name; `None` where there is none of that name.
pub fn fix_one(catalogue: &Catalogue, agent: Value, reach: &Reach, name: &str) -> Option<Value> {
    let fix = FIXES.iter().find(|fix| fix.name == name)?;
    Some(run(catalogue, agent, reach, std::slice::from_ref(fix)))
}

fn run(catalogue: &Catalogue, agent: Value, reach: &Reach, fixes: &[Fix]) -> Value {
    match Work::of(catalogue, agent, reach) {
        Ok(mut work) => {
            for fix in fixes {
                (fix.mend)(&mut work);
            }
            work.into_agent()
        }
        Err(agent) => agent,
    }
}
