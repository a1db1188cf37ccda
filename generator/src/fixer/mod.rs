//! Fixes faults of a graph that have exactly one right fix, before the validator checks it. Idempotent.
//!
//! A fix must not change what the person meant. These fixes, common elsewhere, would change it with this catalogue:
//! * a store in front of a condition: it separates pairs of values;
//! * a self link on every block that adds to a list: without a list the block makes a list of one, which may be wanted;
//! * removing links and values for inputs that do not exist: something wanted would be lost silently, so the validator
//!   reports it;
//! * the sign of a date's offset: a future day may be wanted;
//! * a blank for an empty replacement: an empty text is a value;
//! * defaults of tool calls: the schemas have them;
//! * copying another agent's schemas: that agent is not available here.

mod declared;
mod graph;
mod links;
mod places;
mod prompts;
mod reach;
mod repairs;
mod values;

use serde_json::Value;

use self::graph::Work;
pub use self::reach::Reach;
pub(crate) use self::values::converted;
use crate::{catalogue::Catalogue, problem::Repair};

#[derive(Debug, Clone, Copy)]
pub struct Fix {
    pub name: &'static str,
    apply: fn(&mut Work<'_>),
}

/// In order of application: converters come before static links and places, which must be right for them too.
pub const FIXES: [Fix; 11] = [
    Fix { name: "ids", apply: links::ids },
    Fix { name: "credentials", apply: values::credentials },
    Fix { name: "value_types", apply: values::value_types },
    Fix { name: "choices", apply: values::choices },
    Fix { name: "names", apply: declared::names },
    Fix { name: "containers", apply: declared::containers },
    Fix { name: "template_braces", apply: prompts::template_braces },
    Fix { name: "printed_output", apply: links::printed_output },
    Fix { name: "link_types", apply: links::link_types },
    Fix { name: "static_links", apply: links::static_links },
    Fix { name: "places", apply: places::places },
];

/// Fixes an agent within `reach`. Anything else, unknown keys included, is returned unchanged.
pub fn fix(catalogue: &Catalogue, agent: Value, reach: &Reach) -> Value {
    run(catalogue, agent, reach, &FIXES)
}

/// Like [`fix`], and tells what was repaired. Positions are not told. Takes about twice as long.
pub(crate) fn fix_and_tell(catalogue: &Catalogue, agent: Value, reach: &Reach) -> (Value, Vec<Repair>) {
    let mut work = match Work::new(catalogue, agent, reach) {
        Ok(work) => work,
        Err(agent) => return (agent, Vec::new()),
    };
    let mut repairs = Vec::new();
    let (mut nodes, mut links) = (work.nodes.clone(), work.links.clone());
    for fix in &FIXES {
        (fix.apply)(&mut work);
        if fix.name != "places" && (nodes != work.nodes || links != work.links) {
            repairs::add(&mut repairs, fix.name, (&nodes, &links), (&work.nodes, &work.links));
            (nodes, links) = (work.nodes.clone(), work.links.clone());
        }
    }
    (work.into_agent(), repairs)
}

/// Applies one fix; `None` if no fix has this name.
pub fn fix_one(catalogue: &Catalogue, agent: Value, reach: &Reach, name: &str) -> Option<Value> {
    let fix = FIXES.iter().find(|fix| fix.name == name)?;
    Some(run(catalogue, agent, reach, std::slice::from_ref(fix)))
}

fn run(catalogue: &Catalogue, agent: Value, reach: &Reach, fixes: &[Fix]) -> Value {
    match Work::new(catalogue, agent, reach) {
        Ok(mut work) => {
            for fix in fixes {
                (fix.apply)(&mut work);
            }
            work.into_agent()
        }
        Err(agent) => agent,
    }
}
