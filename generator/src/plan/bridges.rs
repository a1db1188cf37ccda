//! Steps that only bring a value into the form that the next step takes.

use serde_json::json;

use super::model::{Binding, Input, Step};
use crate::{
    catalogue::{NESTED, schema::Types, special},
    plan::{
        steps::{
            draft::{Draft, Flow, distinct, once},
            say,
        },
        wording::english,
    },
};

impl<'k> Draft<'k> {
    /// Hands `flow` on as a value of the type `sink`, through a block of its own if the types do not fit.
    pub(super) fn fit(&mut self, flow: &Flow, sink: Types) -> Flow {
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
        if flow.first.is_some() && !sink.is_within(Types::STRING) {
            let cut = self.first_few(flow);
            return self.fit(&cut, sink);
        }
        if flow.types.flows_into(sink) && !(sink.is_within(Types::ARRAY) && self.is_one_record(flow)) {
            return flow.clone();
        }
        if sink.is_within(Types::ARRAY) {
            let list = vec![Input { name: "entry".to_owned(), binding: flow.binding() }];
            return self.bridge(
                special::ADD_TO_LIST,
                "Put the {} into a list",
                "updated_list",
                list,
                flow,
                Types::ARRAY,
            );
        }
        if sink.is_within(Types::OBJECT)
            && let Some(block) = self.known.catalogue.by_name("CreateDictionaryBlock")
        {
            let values = vec![Input { name: format!("values{NESTED}{}", flow.name), binding: flow.binding() }];
            return self.bridge(&block.id, "Put the {} into a dictionary", "dictionary", values, flow, Types::OBJECT);
        }
        match () {
            () if text => self.convert(flow, "string", Types::STRING),
            () if sink.flows_into(Types::NUMBER) => self.convert(flow, "number", Types::ANY),
            () => self.convert(flow, "boolean", Types::ANY),
        }
    }

    /// What a model took out of one text: its block may give a list too, and gives none here.
    fn is_one_record(&self, flow: &Flow) -> bool {
        let asked = self.block(flow.step).is_some_and(|block| block.name == "AIStructuredResponseGeneratorBlock");
        let list = self.step(flow.step).and_then(|step| step.binding("list_result")).is_some();
        asked && flow.output == "response" && !list && !flow.fields.is_empty()
    }

    /// One text of several results.
    pub(super) fn render(&mut self, flows: &[Flow]) -> Flow {
        let flows = distinct(&once(flows));
        let format = flows.iter().map(Flow::template).collect::<Vec<_>>().join("\n\n");
        self.fill_in(&flows, &format, "Put the {} into one text")
    }

    /// A text with `{{name}}` where the flows go.
    pub(super) fn fill_in(&mut self, flows: &[Flow], format: &str, title: &str) -> Flow {
        let mut inputs: Vec<Input> = flows
            .iter()
            .map(|flow| Input { name: format!("values{NESTED}{}", flow.name), binding: flow.binding() })
            .collect();
        inputs.push(Input { name: "format".to_owned(), binding: Binding::Value(json!(format)) });
        let base = flows.first().cloned().unwrap_or_else(|| self.flow(0, "output"));
        self.bridge(special::TEMPLATE, title, "output", inputs, &base, Types::STRING)
    }

    /// A fixed text that is handed on only once `gate` has arrived.
    pub(super) fn after(&mut self, gate: &Flow, text: &str) -> Flow {
        let text = text.replace("{{", "{ {").replace("{%", "{ %");
        self.fill_in(std::slice::from_ref(gate), &text, "Hand on the {}")
    }

    fn first_few(&mut self, flow: &Flow) -> Flow {
        let count = flow.first.unwrap_or(1);
        let format = format!("{{{{{}[:{count}]|tojson}}}}", flow.name);
        let text = self.fill_in(std::slice::from_ref(flow), &format, &format!("Keep the first {count} {{}}"));
        Flow { fields: flow.fields.clone(), first: None, ..text }
    }

    /// The entries of a list one by one; of the first few, if only those are wanted.
    pub(super) fn one_by_one(&mut self, flow: &Flow) -> Flow {
        let (flow, input) = match flow.first {
            Some(_) => (self.first_few(flow), "items_str"),
            None if flow.types.is_within(Types::STRING) => (flow.clone(), "items_str"),
            None => (flow.clone(), "items"),
        };
        let inputs = vec![Input { name: input.to_owned(), binding: flow.binding() }];
        let fields = flow.fields.clone();
        let item = self.bridge(special::EACH_ITEM, "Take the {} one by one", "item", inputs, &flow, Types::ANY);
        Flow { fields, name: "item".to_owned(), ..item }
    }

    fn convert(&mut self, flow: &Flow, kind: &str, types: Types) -> Flow {
        let inputs = vec![
            Input { name: "value".to_owned(), binding: flow.binding() },
            Input { name: "type".to_owned(), binding: Binding::Value(json!(kind)) },
        ];
        self.bridge(
            special::CONVERTER,
            &format!("Turn the {{}} into a {}", if kind == "string" { "text" } else { kind }),
            "value",
            inputs,
            flow,
            types,
        )
    }

    pub(super) fn bridge(
        &mut self,
        block: &str,
        title: &str,
        output: &str,
        inputs: Vec<Input>,
        of: &Flow,
        types: Types,
    ) -> Flow {
        // Another platform may have no such block: then the value goes on as it is.
        if self.known.catalogue.by_id(block).is_none() {
            return of.clone();
        }
        let says = title.replace("{}", &say::thing(of));
        let title = english::cut(&says, 60);
        let step = self.push(Step { block: block.to_owned(), title, says, inputs });
        Flow { step, output: output.to_owned(), types, fields: Vec::new(), first: None, name: of.name.clone() }
    }
}
