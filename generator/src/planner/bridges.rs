//! Blocks between two others whose types do not fit: templates, converters, lists.

use serde_json::{Value, json};

use super::{
    plan::{Binding, Input, Step},
    wiring::Wirer,
};
use crate::catalogue::{NESTED, schema::Types, special};

/// What is to be handed on: an output, its type, and what is known of its parts.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The step.
    pub step: usize,
    /// The output.
    pub output: String,
    /// Its type.
    pub types: Types,
    /// Its parts worth reading, where it is a dictionary or a list of such.
    pub fields: Vec<String>,
    /// How many of a list are wanted.
    pub first: Option<i64>,
    /// What it is called in a template.
    pub name: String,
}

impl Flow {
    /// What goes into an input.
    pub fn binding(&self) -> Binding {
        Binding::From { step: self.step, output: self.output.clone() }
    }

    /// The name of the part of a dictionary that it goes into.
    fn part(&self, parent: &str) -> String {
        format!("{parent}{NESTED}{}", self.name)
    }

    fn is_text(&self) -> bool {
        self.fields.is_empty() && (self.types.is_any() || self.types.is_within(Types::STRING))
    }

    /// The text of a template for it.
    fn template(&self) -> String {
        let name = &self.name;
        let slice = self.first.map_or_else(String::new, |count| format!("[:{count}]"));
        let lines =
            |of: &str| self.fields.iter().map(|field| format!("{{{{{of}.{field}}}}}")).collect::<Vec<_>>().join("\n");
        match (self.types.is_within(Types::ARRAY), self.fields.is_empty()) {
            (true, false) => format!("{{% for item in {name}{slice} %}}{}\n\n{{% endfor %}}", lines("item")),
            (true, true) => format!("{{% for item in {name}{slice} %}}{{{{item}}}}\n{{% endfor %}}"),
            (false, false) => lines(name),
            (false, true) => format!("{{{{{name}}}}}"),
        }
    }
}

impl Wirer<'_> {
    /// Hands `flow` on as a value of the type `sink`, through a block of its own where the types do not fit.
    pub fn fit(&mut self, flow: &Flow, sink: Types) -> Flow {
        let text = sink.is_within(Types::STRING);
        if text && !flow.is_text() && !flow.types.is_within(Types::STRING) {
            let plain = Types::named("number");
            let scalar = flow.types.flows_into(plain) && !flow.types.is_any() || flow.types.is_within(Types::BOOLEAN);
            return if scalar {
                self.convert(flow, "string", Types::STRING)
            } else {
                self.render(std::slice::from_ref(flow))
            };
        }
        if flow.types.flows_into(sink) {
            return flow.clone();
        }
        if sink.is_within(Types::ARRAY) {
            let list = vec![Input { name: "entry".to_owned(), binding: flow.binding() }];
            return self.bridge(special::ADD_TO_LIST, "Put into a list", "updated_list", list, flow, Types::ARRAY);
        }
        if sink.is_within(Types::OBJECT)
            && let Some(block) = self.knowledge().catalogue.by_name("CreateDictionaryBlock")
        {
            let values = vec![Input { name: flow.part("values"), binding: flow.binding() }];
            let id = block.id.clone();
            return self.bridge(&id, "Put into a dictionary", "dictionary", values, flow, Types::OBJECT);
        }
        match () {
            () if text => self.convert(flow, "string", Types::STRING),
            () if sink.flows_into(Types::NUMBER) => self.convert(flow, "number", Types::ANY),
            () => self.convert(flow, "boolean", Types::ANY),
        }
    }

    /// One text of several results.
    pub fn render(&mut self, flows: &[Flow]) -> Flow {
        let mut flows = flows.to_vec();
        for at in 1..flows.len() {
            let taken: Vec<String> = flows.iter().take(at).map(|flow| flow.name.clone()).collect();
            if let Some(flow) = flows.get_mut(at)
                && taken.contains(&flow.name)
            {
                flow.name = format!("{}_{}", flow.name, at + 1);
            }
        }
        let format = flows.iter().map(Flow::template).collect::<Vec<_>>().join("\n\n");
        let mut inputs: Vec<Input> =
            flows.iter().map(|flow| Input { name: flow.part("values"), binding: flow.binding() }).collect();
        inputs.push(Input { name: "format".to_owned(), binding: Binding::Value(Value::from(format)) });
        let base = flows.first().cloned().unwrap_or(Flow {
            step: 0,
            output: String::new(),
            types: Types::ANY,
            fields: Vec::new(),
            first: None,
            name: "text".to_owned(),
        });
        self.bridge(special::TEMPLATE, "Put into words", "output", inputs, &base, Types::STRING)
    }

    /// A text of the person's own that is handed on only once `flow` has arrived: a wait, a condition or what starts the
    /// agent comes before it, although nothing of that is in it.
    pub(super) fn after(&mut self, flow: &Flow, text: &str) -> Flow {
        let inputs = vec![
            Input { name: flow.part("values"), binding: flow.binding() },
            Input { name: "format".to_owned(), binding: Binding::Value(Value::from(text)) },
        ];
        self.bridge(special::TEMPLATE, "Then hand on", "output", inputs, flow, Types::STRING)
    }

    /// The entries of a list one by one; of the first few, where only those are wanted.
    pub fn one_by_one(&mut self, flow: &Flow) -> Flow {
        let mut flow = flow.clone();
        let mut input = "items";
        if let Some(count) = flow.first.take() {
            let format = format!("{{{{{}[:{count}]|tojson}}}}", flow.name);
            let inputs = vec![
                Input { name: flow.part("values"), binding: flow.binding() },
                Input { name: "format".to_owned(), binding: Binding::Value(Value::from(format)) },
            ];
            let fields = flow.fields.clone();
            flow = self.bridge(
                special::TEMPLATE,
                &format!("Keep the first {count}"),
                "output",
                inputs,
                &flow,
                Types::STRING,
            );
            (flow.fields, input) = (fields, "items_str");
        }
        let inputs = vec![Input { name: input.to_owned(), binding: flow.binding() }];
        let fields = flow.fields.clone();
        let mut item = self.bridge(special::EACH_ITEM, "Take one by one", "item", inputs, &flow, Types::ANY);
        (item.fields, item.name) = (fields, "item".to_owned());
        item
    }

    fn convert(&mut self, flow: &Flow, kind: &str, types: Types) -> Flow {
        let inputs = vec![
            Input { name: "value".to_owned(), binding: flow.binding() },
            Input { name: "type".to_owned(), binding: Binding::Value(json!(kind)) },
        ];
        self.bridge(special::CONVERTER, &format!("Convert to {kind}"), "value", inputs, flow, types)
    }

    fn bridge(&mut self, block: &str, title: &str, output: &str, inputs: Vec<Input>, of: &Flow, types: Types) -> Flow {
        let says = self.knowledge().catalogue.by_id(block).map_or_else(String::new, |block| block.description.clone());
        let step = self.push(Step { block: block.to_owned(), title: title.to_owned(), says, inputs });
        Flow { step, output: output.to_owned(), types, fields: Vec::new(), first: None, name: of.name.clone() }
    }
}
