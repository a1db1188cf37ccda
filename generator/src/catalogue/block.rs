//! A block: what the catalogue says about it, and the types of its inputs and outputs.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    fields,
    later::Later,
    names::words_of_name,
    schema::{NESTED, Schema, Types},
    special,
};

/// The output on which every block reports a failure.
pub const ERROR_OUTPUT: &str = "error";
/// Prefix of the outputs on which a block hands arguments to its tools.
const TOOL_OUTPUT: &str = "tools_^_";

#[derive(Debug, Clone)]
pub struct Block {
    /// Not always a UUID of version 4.
    pub id: String,
    /// Such as `ReadRSSFeedBlock`.
    pub name: String,
    pub description: String,
    /// The outputs keep their value for the whole run.
    pub static_output: bool,
    /// The block starts the agent.
    pub trigger: bool,
    /// The kinds of account that it connects to.
    pub needs_credentials: Vec<String>,
    pub categories: Vec<String>,
    pub(super) inputs: Later,
    pub(super) outputs: Later,
}

/// A block as a list has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed<'a> {
    id: String,
    name: String,
    #[serde(default, deserialize_with = "fields::or_default")]
    description: String,
    #[serde(default, deserialize_with = "fields::or_default")]
    static_output: bool,
    #[serde(default, deserialize_with = "fields::or_default")]
    trigger: bool,
    /// Begins with `Webhook` if the block starts the agent.
    #[serde(default, deserialize_with = "fields::or_default")]
    ui_type: String,
    #[serde(borrow)]
    input_schema: &'a RawValue,
    #[serde(borrow)]
    output_schema: &'a RawValue,
    /// The only snake_case key of the catalogue.
    #[serde(default, rename = "needs_credentials", deserialize_with = "fields::or_default")]
    needs_credentials: Vec<String>,
    /// As text: names; in the platform's listing: objects with a `category`.
    #[serde(default, deserialize_with = "fields::categories")]
    categories: Vec<String>,
}

impl Listed<'static> {
    /// A block whose schemas are parsed when they are first used.
    pub(super) fn lasting(self) -> Block {
        let (inputs, outputs) = (Later::of(self.input_schema), Later::of(self.output_schema));
        self.with(inputs, outputs)
    }
}

impl Listed<'_> {
    /// Fails with the reason if a schema is not one.
    pub(super) fn checked(self) -> Result<Block, String> {
        let (inputs, outputs) = (Later::parsed(self.input_schema)?, Later::parsed(self.output_schema)?);
        Ok(self.with(inputs, outputs))
    }

    fn with(self, inputs: Later, outputs: Later) -> Block {
        Block {
            id: self.id,
            name: self.name,
            description: self.description,
            static_output: self.static_output,
            trigger: self.trigger || self.ui_type.starts_with("Webhook"),
            needs_credentials: self.needs_credentials,
            categories: self.categories,
            inputs,
            outputs,
        }
    }
}

impl Block {
    /// A block as a list has it; fails with the reason if it is not one.
    pub(crate) fn from_json(text: &str) -> Result<Self, String> {
        let listed: Listed<'_> = serde_json::from_str(text).map_err(|error| fields::without_place(&error))?;
        listed.checked()
    }

    /// A block of which nothing else is known.
    pub(super) fn named(name: String, description: String) -> Self {
        Self {
            id: String::new(),
            name,
            description,
            static_output: false,
            trigger: false,
            needs_credentials: Vec::new(),
            categories: Vec::new(),
            inputs: Later::default(),
            outputs: Later::default(),
        }
    }

    pub fn input_schema(&self) -> &Schema {
        self.inputs.get()
    }

    pub fn output_schema(&self) -> &Schema {
        self.outputs.get()
    }

    /// The name in words, without `Block`.
    pub fn title(&self) -> String {
        words_of_name(&self.name).join(" ")
    }

    /// The type of an input or of a part of one (`prompt_values_#_text`); `None` if there is no such input.
    pub fn input_type(&self, name: &str) -> Option<Types> {
        // It also has the inputs of the agent that it runs.
        let any = (self.id == special::AGENT_EXECUTOR).then_some(Types::ANY);
        field_type(self.input_schema(), name).or(any)
    }

    /// The type of an output or of a part of one; `None` if there is no such output.
    pub fn output_type(&self, name: &str) -> Option<Types> {
        if self.id == special::AGENT_EXECUTOR {
            // It has the outputs of the agent that it runs.
            return Some(Types::ANY);
        }
        if self.id == special::ORCHESTRATOR && name.starts_with(TOOL_OUTPUT) {
            // It has an output for each argument of each tool.
            return Some(Types::ANY);
        }
        field_type(self.output_schema(), name).or_else(|| {
            // A dictionary without declared properties may have any part; a text has no parts.
            let parent = self.output_schema().properties.get(name.split_once(NESTED)?.0)?;
            let has_parts = parent.kind().is_any() || parent.kind().flows_into(Types::OBJECT);
            (has_parts && parent.properties.is_empty()).then_some(Types::ANY)
        })
    }

    /// The person connects an account for this input in the platform; a graph never sets it.
    pub fn is_credential(&self, input: &str) -> bool {
        Self::names_credential(input)
    }

    /// Like `is_credential`, for an unknown block: the name of the input tells.
    pub fn names_credential(input: &str) -> bool {
        input == "credentials" || input.ends_with("_credentials")
    }

    /// The inputs that must be set or linked.
    pub fn required_inputs(&self) -> impl Iterator<Item = &str> {
        self.input_schema().required.iter().map(String::as_str).filter(|name| !self.is_credential(name))
    }

    /// It declares an input of the agent or is a trigger.
    pub fn starts_agent(&self) -> bool {
        self.trigger || self.is_agent_input()
    }

    pub fn is_agent_input(&self) -> bool {
        special::AGENT_INPUTS.contains(&self.id.as_str())
    }

    pub fn is_agent_output(&self) -> bool {
        self.id == special::AGENT_OUTPUT
    }
}

fn field_type(schema: &Schema, name: &str) -> Option<Types> {
    match name.split_once(NESTED) {
        None => schema.properties.get(name).map(Schema::kind).or_else(|| schema.entry(name)),
        Some((parent, part)) => {
            let parent = schema.properties.get(parent)?;
            // A value of any type may have any part.
            if parent.kind().is_any() { Some(Types::ANY) } else { parent.part(part) }
        }
    }
}
