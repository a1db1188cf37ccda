//! Exact edits of an agent, or every reason why they cannot be made.

use serde_json::value::RawValue;
use shared::{account::Account, failure::Failure, limits::VALUES};

use crate::{
    Watch,
    account::{self, Told},
    knowledge::Knowledge,
    llm, opaque,
    text::shortened,
    validator::LISTED,
};

/// Of a reason, in characters.
const REASON: usize = 400;

#[derive(Debug)]
pub enum Patched {
    Agent {
        /// Keeps every rule that it kept before.
        agent: Box<RawValue>,
        account: Box<Account>,
    },
    Misfits {
        /// A sentence for each, at most 50, never empty.
        problems: Vec<String>,
        /// How many more there are.
        more_problems: usize,
    },
}

pub(super) fn patch(
    knowledge: &Knowledge,
    agent: &RawValue,
    patches: &RawValue,
    watch: Watch<'_>,
) -> Result<Patched, Failure> {
    VALUES.check(opaque::inside(patches.get()))?;
    let catalogue = &knowledge.catalogue;
    let opened = opaque::agent(agent)?;
    watch.check()?;
    let after = match llm::patch_by_list(catalogue, &opened.value, patches) {
        Ok(after) => after,
        Err(reasons) => {
            let problems = reasons.iter().take(LISTED).map(|reason| shortened(reason, REASON)).collect();
            return Ok(Patched::Misfits { problems, more_problems: reasons.len().saturating_sub(LISTED) });
        }
    };
    watch.check()?;
    let after = opened.rest.written(&after)?;
    let account = account::of_patch(&**catalogue, agent, &after, Told::default());
    Ok(Patched::Agent { agent: after, account })
}
