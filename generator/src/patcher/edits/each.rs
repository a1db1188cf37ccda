//! Entry by entry: what follows a list runs for each of its entries.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    catalogue::{schema::Types, special},
    patcher::{
        Refused,
        canvas::Link,
        find::{Among, Wanted},
    },
    plan::model::{Binding, Input, Step},
};

impl Edit<'_, '_> {
    pub(super) fn each(&mut self, what: &str) -> Result<(), Refused> {
        let what =
            what.trim_end_matches(" separately").trim_end_matches(" individually").trim_end_matches(" on its own");
        let wanted = Wanted::of(self.canvas.known, what);
        let lists = self.lists();
        if lists.is_empty() {
            return Err(Refused::unsupported(
                "No step of the agent gives a list whose entries could be taken one by one.".to_owned(),
            ));
        }
        let named: Vec<(usize, String)> = {
            let best = self.canvas.best(&wanted, Among::Working);
            let by_output = |output: &String| {
                crate::patcher::canvas::words::words(self.canvas.known, output)
                    .iter()
                    .any(|word| wanted.words.contains(word))
            };
            lists.iter().filter(|(at, output)| best.contains(at) || by_output(output)).cloned().collect()
        };
        let found = if named.is_empty() && lists.len() == 1 { lists } else { named };
        let steps: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        let at = self.canvas.one_of(steps, self.context)?.ok_or_else(|| self.canvas.no_step(what))?;
        let Some((_, output)) = found.into_iter().find(|(step, _)| *step == at) else {
            return Err(self.canvas.no_step(what));
        };
        self.one_by_one(at, &output)
    }

    /// The outputs that are lists, and that something takes.
    fn lists(&self) -> Vec<(usize, String)> {
        let mut all = Vec::new();
        for at in self.canvas.working() {
            let Some(block) = self.canvas.block(at) else { continue };
            for link in self.canvas.links_out(at) {
                let list = block
                    .output_type(&link.output)
                    .is_some_and(|types| !types.is_any() && types.is_within(Types::ARRAY));
                let looped = self.canvas.steps.get(link.to).is_some_and(|step| step.block == special::EACH_ITEM);
                if list && !looped && !all.contains(&(at, link.output.clone())) {
                    all.push((at, link.output));
                }
            }
        }
        all
    }

    pub(super) fn one_by_one(&mut self, at: usize, output: &str) -> Result<(), Refused> {
        let links: Vec<Link> = self.canvas.links_out(at).into_iter().filter(|link| link.output == output).collect();
        let item = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::EACH_ITEM.to_owned(),
            title: "Take one by one".to_owned(),
            says: String::new(),
            inputs: vec![Input {
                name: "items".to_owned(),
                binding: Binding::From { step: at, output: output.to_owned() },
            }],
        }]);
        for link in links {
            let template = self.canvas.steps.get(link.to).is_some_and(|step| step.block == special::TEMPLATE);
            let name = link.input.split("_#_").nth(1).unwrap_or_default().to_owned();
            let format = self.canvas.value(link.to, "format").and_then(Value::as_str).map(str::to_owned);
            if let (true, Some(format)) = (template, format)
                && let Some(single) = single(&format, &name)
            {
                // A text of all entries becomes that of one.
                self.canvas.bind(link.to, "format", Binding::Value(json!(single)));
                self.canvas.unbind(link.to, &link.input);
                self.canvas.bind(link.to, "values_#_item", Binding::From { step: item, output: "item".to_owned() });
                continue;
            }
            self.canvas.route((item, "item"), link.to, &link.input);
        }
        Ok(())
    }
}

/// The body of a template's loop over `name`; `None` if it has none.
fn single(format: &str, name: &str) -> Option<String> {
    let open = format.find("{% for ")?;
    let head_end = open + format.get(open..)?.find("%}")? + 2;
    let head = format.get(open..head_end)?;
    if !head.contains(name) {
        return None;
    }
    let variable = head.trim_start_matches("{% for ").split_whitespace().next()?;
    let close = format.find("{% endfor %}")?;
    let body = format.get(head_end..close)?;
    let body = if variable == "item" { body.to_owned() } else { body.replace(&format!("{{{{{variable}"), "{{item") };
    let (before, after) = (format.get(..open)?, format.get(close + "{% endfor %}".len()..)?);
    Some(format!("{before}{}{after}", body.trim()).trim().to_owned())
}
