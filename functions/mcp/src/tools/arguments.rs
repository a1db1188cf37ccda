//! The arguments of a call, held against the tool's input schema. Every fault is told at once, with what to write instead.

use std::{borrow::Cow, cell::LazyCell};

use serde_json::value::RawValue;
use shared::{
    action::Action,
    bad_request::BadRequest,
    json::{self, Object, first_chars},
    refusal::Refusal,
};

use super::{
    table::{Property, Schema, entry},
    tool::Tool,
};

/// What is told of a call at most: a model's own call has no more.
const MOST_FAULTS: usize = 20;

pub(crate) struct Arguments<'a> {
    tool: Tool,
    object: Object<'a>,
}

impl<'a> Arguments<'a> {
    /// # Errors
    /// Names every argument that is unknown, missing or of the wrong form.
    pub(super) fn checked(tool: Tool, params: &Object<'a>) -> Result<Self, Refusal> {
        let broken = || Refusal::unexpected(Action::Mcp, "the table of tools is broken");
        let Schema { properties, required } = &entry(tool).ok_or_else(broken)?.input;
        let object = match params.get("arguments") {
            None => Object::default(),
            Some(raw) => Object::of(raw)
                .ok_or_else(|| wrong(tool, format!("arguments has to be an object, not {}", json::kind(raw))))?,
        };
        let known = LazyCell::new(|| properties.keys().map(String::as_str).collect::<Vec<_>>().join(", "));
        let mut faults = Vec::new();
        for (name, value) in object.entries().filter(|(_, value)| !json::is_null(value)) {
            match properties.get(name) {
                Some(property) => faults.extend(property.fault(value).map(|fault| format!("{name} {fault}"))),
                None => {
                    let name: String = first_chars(name, 60).chars().filter(|c| !c.is_control()).collect();
                    faults.push(format!("there is no argument {name}, only {}", *known));
                }
            }
        }
        for name in required.iter().filter(|name| object.get(name).is_none()) {
            let what = properties.get(name).map(|property| property.description.trim_end_matches('.'));
            faults.push(format!("{name} is missing ({})", what.unwrap_or_default()));
        }
        if faults.is_empty() {
            return Ok(Self { tool, object });
        }
        let more = faults.len().saturating_sub(MOST_FAULTS);
        faults.truncate(MOST_FAULTS);
        faults.extend((more > 0).then(|| format!("and {more} more")));
        Err(wrong(tool, faults.join("; ")))
    }

    pub(crate) fn wrong(&self, faults: impl Into<String>) -> Refusal {
        wrong(self.tool, faults.into())
    }

    /// `None` if absent or null.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.object.get(name)
    }

    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.object.string(name)
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|raw| raw.get() == "true")
    }

    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.raw(name)?.get().parse().ok()
    }
}

fn wrong(tool: Tool, faults: String) -> Refusal {
    BadRequest::WrongArguments { tool: tool.name(), faults }.into()
}

impl Property {
    /// What a value has to be instead.
    fn fault(&self, value: &RawValue) -> Option<String> {
        let fits = match &*self.r#type {
            "string" => json::string(value).is_some(),
            "boolean" => matches!(value.get(), "true" | "false"),
            "integer" => value.get().parse::<u32>().is_ok(),
            "array" => json::is_array(value),
            _ => json::is_object(value),
        };
        if !fits {
            let article = if self.r#type.starts_with(['a', 'i', 'o']) { "an" } else { "a" };
            let form = if self.r#type == "integer" { "whole number" } else { &self.r#type };
            let article = if self.r#type == "integer" { "a" } else { article };
            return Some(format!("has to be {article} {form}, not {}", json::kind(value)));
        }
        match &*self.r#type {
            "string" => self.fault_of_text(&json::string(value)?),
            "integer" => {
                let number: u32 = value.get().parse().ok()?;
                let (least, most) = (self.minimum.unwrap_or(0), self.maximum.unwrap_or(u32::MAX));
                let range =
                    if most == u32::MAX { format!("at least {least}") } else { format!("from {least} to {most}") };
                (!(least..=most).contains(&number)).then(|| format!("has to be {range}"))
            }
            "array" => self.fault_of_list(value),
            _ => None,
        }
    }

    fn fault_of_text(&self, text: &str) -> Option<String> {
        if let Some(choices) = self.r#enum.as_ref().filter(|choices| !choices.iter().any(|choice| choice == text)) {
            return Some(format!("has to be one of {}", choices.join(", ")));
        }
        let most = self.max_length.filter(|most| text.len() > *most && text.chars().nth(*most).is_some())?;
        Some(format!("is too long: at most {most} characters"))
    }

    fn fault_of_list(&self, value: &RawValue) -> Option<String> {
        let elements = json::elements(value)?;
        let (least, most) = (self.min_items.unwrap_or(0), self.max_items.unwrap_or(usize::MAX));
        if elements.len() < least {
            return Some(format!("has to have at least {least} element"));
        }
        if elements.len() > most {
            return Some(format!("has {} elements: at most {most}", elements.len()));
        }
        let items = self.items.as_ref()?;
        elements.iter().enumerate().find_map(|(at, element)| Some(format!("[{at}] {}", items.fault(element)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(tool: Tool, arguments: &str) -> String {
        let params = format!(r#"{{"arguments":{arguments}}}"#);
        let params = Object::parse(&params).unwrap();
        match Arguments::checked(tool, &params) {
            Err(Refusal::Bad(bad)) => bad.to_string(),
            Err(other) => panic!("{other:?}"),
            Ok(_) => String::new(),
        }
    }

    #[test]
    fn a_call_of_nothing_but_faults_is_told_the_first_of_them() {
        let arguments: Vec<String> = (0..5_000).map(|at| format!(r#""{}{at}":1"#, "x".repeat(100))).collect();
        let told = faults(Tool::GetAgent, &format!("{{{}}}", arguments.join(",")));
        assert!(told.len() < 4 * 1024 && told.ends_with("; and 4981 more."), "{told}");
    }

    #[test]
    fn a_model_is_told_every_wrong_argument_at_once_and_what_to_write_instead() {
        for (tool, arguments, told) in [
            (Tool::PlanAgent, r#"{"goal": "x", "context": null}"#, ""),
            (
                Tool::PlanAgent,
                r#"{"description": "x"}"#,
                "The arguments of plan_agent do not fit: there is no argument description, only context, goal; goal is \
                 missing (What the agent should do, in the person's words).",
            ),
            (
                Tool::PlanAgent,
                "[]",
                "The arguments of plan_agent do not fit: arguments has to be an object, not an array.",
            ),
            (
                Tool::GetAgent,
                r#"{"agent_id": "a", "format": "yaml"}"#,
                "The arguments of get_agent do not fit: format has to be one of outline, json, mermaid.",
            ),
        ] {
            assert_eq!(faults(tool, arguments), told, "{arguments}");
        }
    }
}
