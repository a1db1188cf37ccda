//! Entry by entry: what follows a list runs for each of its entries.

use serde_json::{Value, json};

use super::{Edit, change::same_type};
use crate::{
    catalogue::{schema::Types, special},
    patcher::{
        canvas::Link,
        find::{Among, Field, Wanted, bare},
        refused::Refused,
    },
    plan::model::{Binding, Input, Step},
};

impl Edit<'_, '_> {
    pub(super) fn each(&mut self, what: &str) -> Result<(), Refused> {
        let what =
            what.trim_end_matches(" separately").trim_end_matches(" individually").trim_end_matches(" on its own");
        if self.operation.said.to_lowercase().starts_with("do the same for ")
            && let Some(done) = self.same_for(what)
        {
            return done;
        }
        let values = several(what);
        if values.len() > 1 {
            return self.each_value(what, &values);
        }
        if let Some(done) = self.given_list(what) {
            return done;
        }
        let wanted = Wanted::of(self.canvas.known, what);
        let lists = self.lists();
        if lists.is_empty() && !self.loops().is_empty() {
            return Err(Refused::unsupported("The entries are taken one by one already.".to_owned()));
        }
        if lists.is_empty()
            && let Some(door) = self.entered(&wanted)
        {
            self.take_each(door);
            return Ok(());
        }
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

    /// "for every topic in a list that I give it": the input is a list, and what took it takes each of its entries.
    fn given_list(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let (noun, rest) = [" in ", " of ", " from ", " on "].iter().find_map(|word| what.split_once(word))?;
        let list = rest.split_whitespace().take(3).any(|word| word == "list");
        let rest = format!(" {} ", rest.to_lowercase());
        let given = [" i ", " we ", " my ", " the user "].iter().any(|who| rest.contains(who));
        let best = self.canvas.best(&Wanted::of(self.canvas.known, noun), Among::Inputs);
        let [door] = *best.as_slice() else { return None };
        let links = self.canvas.links_out(door);
        if !list || !given || links.is_empty() || self.canvas.value(door, "value").is_some() {
            return None;
        }
        self.take_each(door);
        Some(Ok(()))
    }

    /// "do it for each of them": the one input that the work begins with.
    fn entered(&self, wanted: &Wanted) -> Option<usize> {
        let begins = |at: usize| self.canvas.begins(at) || Some(at) == self.first_work();
        let opens = |at: &usize| {
            let links = self.canvas.links_out(*at);
            self.canvas.is(*at, |block| block.is_agent_input())
                && self.canvas.value(*at, "value").is_none_or(Value::is_null)
                && links.iter().any(|link| begins(link.to) && self.canvas.main_link(link.to).as_ref() == Some(link))
        };
        let mut doors: Vec<usize> = (0..self.canvas.steps.len()).filter(opens).collect();
        // "for several topics": what the one input is called does not matter then.
        if !wanted.is_agent() {
            let named = self.canvas.best(wanted, Among::Inputs);
            doors.retain(|door| {
                named.contains(door) || named.is_empty() && self.operation.said.ends_with("in a list that i give")
            });
        }
        let [door] = *doors.as_slice() else { return None };
        Some(door)
    }

    /// What is asked for is a list, and what took it takes each of its entries.
    fn take_each(&mut self, door: usize) {
        let links = self.canvas.links_out(door);
        let (title, first) = (self.canvas.title(door), self.canvas.steps.len());
        let value = |name: &str, text: &str| Input { name: name.to_owned(), binding: Binding::Value(json!(text)) };
        self.canvas.add(vec![
            Step {
                block: special::AGENT_INPUT.to_owned(),
                title: title.clone(),
                says: String::new(),
                inputs: vec![value("name", &title), value("description", "A list: each entry is taken on its own")],
            },
            Step {
                block: special::EACH_ITEM.to_owned(),
                title: "Take one by one".to_owned(),
                says: String::new(),
                inputs: vec![Input {
                    name: "items".to_owned(),
                    binding: Binding::From { step: first, output: "result".to_owned() },
                }],
            },
        ]);
        for link in links {
            self.canvas.bind(link.to, &link.input, Binding::From { step: first + 1, output: "item".to_owned() });
        }
        self.canvas.remove(&std::collections::HashSet::from([door]));
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

    /// "for both repositories, A and B": what one value fed is fed with each of these.
    fn each_value(&mut self, what: &str, values: &[String]) -> Result<(), Refused> {
        let first = values.first().map_or("", String::as_str);
        let mut fields: Vec<Field> = Vec::new();
        for holder in self.canvas.working().into_iter().flat_map(|at| self.canvas.holders(at)) {
            let field = Field { at: holder.at, name: holder.name };
            if holder.value.as_str().is_some_and(|old| same_type(old, first)) && !fields.contains(&field) {
                fields.push(field);
            }
        }
        let held: Vec<Field> = fields
            .iter()
            .filter(|field| {
                let value = self.canvas.value(field.at, &field.name).and_then(Value::as_str);
                values.iter().any(|one| value == Some(bare(one)))
            })
            .cloned()
            .collect();
        let named: Vec<Field> = {
            let noun = what.split([',', ':']).next().unwrap_or(what);
            let wanted = Wanted::of(self.canvas.known, noun);
            let named = self.canvas.fields(&wanted);
            named.iter().map(|field| self.canvas.keeper(field)).filter(|field| fields.contains(field)).collect()
        };
        let fields = if held.len() == 1 {
            held
        } else if named.is_empty() {
            fields
        } else {
            named
        };
        let Some(field) = self.canvas.one_field(fields, self.context)? else {
            return Err(self.lost(&self.operation.said.clone()));
        };
        let list: Vec<Value> = values.iter().map(|value| json!(bare(value))).collect();
        let item = self.canvas.steps.len();
        let id = self.canvas.ids.get(field.at).cloned();
        let door = self.canvas.is_door(field.at);
        if door && self.canvas.is_last_start(field.at, &std::collections::HashSet::new()) {
            self.canvas.bind(field.at, "value", Binding::Value(json!(values.join(", "))));
        }
        self.canvas.add(vec![Step {
            block: special::EACH_ITEM.to_owned(),
            title: "Take one by one".to_owned(),
            says: String::new(),
            inputs: vec![Input { name: "items".to_owned(), binding: Binding::Value(list.into()) }],
        }]);
        let from = || Binding::From { step: item, output: "item".to_owned() };
        if !door {
            self.canvas.bind(field.at, &field.name, from());
            return Ok(());
        }
        for link in self.canvas.links_out(field.at) {
            self.canvas.bind(link.to, &link.input, from());
        }
        let Some(at) = self.canvas.ids.iter().position(|other| Some(other) == id.as_ref()) else { return Ok(()) };
        self.canvas.remove(&std::collections::HashSet::from([at]));
        Ok(())
    }

    /// "one message with all posts instead of one for each": a loop goes. `None` where the wish speaks of no loop.
    pub(super) fn in_one(&mut self, new: &str, old: &str) -> Option<Result<(), Refused>> {
        let (new, old) = (new.to_lowercase(), old.to_lowercase());
        let many = [" for each", " for every", " per ", " each", " separately", " individually", "several ", "many "]
            .iter()
            .any(|word| format!(" {old}").contains(word));
        let one = ["one ", "all ", "a single ", "together", "single "].iter().any(|word| new.contains(word));
        (many && one && !old.contains('@')).then(|| self.together(&new))
    }

    /// "one summary per mail instead of one for all": what runs once runs for each entry.
    pub(super) fn in_many(&mut self, new: &str, old: &str) -> Option<Result<(), Refused>> {
        let (new, old) = (new.to_lowercase(), old.to_lowercase());
        let (_, what) =
            [" for each ", " for every ", " per ", " of each "].iter().find_map(|word| new.split_once(word))?;
        let one =
            ["one ", "all ", "a single ", "together", "single ", "everything"].iter().any(|word| old.contains(word));
        (one && !old.contains('@')).then(|| self.each(what))
    }

    /// What runs for each entry runs once for all of them.
    pub(super) fn together(&mut self, what: &str) -> Result<(), Refused> {
        let loops = self.loops();
        let wanted = Wanted::of(self.canvas.known, what);
        let goal = self.canvas.best(&wanted, Among::Working);
        let leads: Vec<(usize, String)> = loops
            .iter()
            .filter(|(at, _)| goal.len() == 1 && goal.iter().all(|goal| self.canvas.leads(*at, *goal)))
            .cloned()
            .collect();
        let found = if leads.is_empty() { loops } else { leads };
        let steps: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        let Some(at) = self.canvas.one_of(steps, self.context)? else {
            return Err(Refused::unsupported("Nothing in the agent runs for each entry of a list.".to_owned()));
        };
        let Some((_, output)) = found.into_iter().find(|(step, _)| *step == at) else {
            return Err(self.lost(&self.operation.said.clone()));
        };
        self.all_at_once(at, &output)
    }

    /// Steps that give one entry after the other, with the output that does; their list is at hand too.
    fn loops(&self) -> Vec<(usize, String)> {
        let mut all = Vec::new();
        for at in self.canvas.working() {
            for link in self.canvas.links_out(at) {
                let known = all.iter().any(|(other, _)| *other == at);
                if !known && self.whole_list(at, &link.output).is_some() {
                    all.push((at, link.output));
                }
            }
        }
        all
    }

    /// The list whose entries an output gives one by one.
    fn whole_list(&self, at: usize, output: &str) -> Option<(usize, String)> {
        let block = self.canvas.block(at)?;
        if block.id == special::EACH_ITEM {
            let main = self.canvas.links_into(at).find(|link| link.input.starts_with("items"))?;
            return (output == "item").then_some((main.from, main.output));
        }
        let mut outputs = block.output_schema().properties.iter();
        outputs
            .find(|(name, schema)| {
                schema.kind().is_within(Types::ARRAY)
                    && !schema.kind().is_any()
                    && crate::catalogue::singular(name) == output
            })
            .map(|(name, _)| (at, name.to_owned()))
    }

    fn all_at_once(&mut self, at: usize, output: &str) -> Result<(), Refused> {
        let Some((source, list)) = self.whole_list(at, output) else {
            return Err(self.lost(&self.operation.said.clone()));
        };
        let links: Vec<Link> = self.canvas.links_out(at).into_iter().filter(|link| link.output == output).collect();
        for link in links {
            let format = self.canvas.value(link.to, "format").and_then(Value::as_str).map(str::to_owned);
            let template = self.canvas.steps.get(link.to).is_some_and(|step| step.block == special::TEMPLATE);
            let name = link.input.split("_#_").nth(1).unwrap_or_default().to_owned();
            if let (true, Some(format)) = (template && !name.is_empty(), format) {
                let all = format!("{{% for {name} in all_{name} %}}{format}\n\n{{% endfor %}}");
                self.canvas.bind(link.to, "format", Binding::Value(json!(all)));
                self.canvas.unbind(link.to, &link.input);
                let binding = Binding::From { step: source, output: list.clone() };
                self.canvas.bind(link.to, &format!("values_#_all_{name}"), binding);
            } else {
                self.canvas.route((source, &list), link.to, &link.input);
            }
        }
        if self.canvas.is(at, |block| block.id == special::EACH_ITEM) && self.canvas.links_out(at).is_empty() {
            self.canvas.remove(&std::collections::HashSet::from([at]));
        }
        Ok(())
    }
}

/// The values of one kind that a text lists.
fn several(text: &str) -> Vec<String> {
    let tokens = crate::reading::tokens(text);
    let values: Vec<String> =
        tokens.iter().filter(|token| token.value().is_some()).map(|token| token.raw(text).to_owned()).collect();
    let alike = values.iter().all(|value| values.first().is_some_and(|first| same_type(bare(first), value)));
    if alike && values.iter().all(|value| value.contains(['@', '#', '/', '"', '\'', '“'])) {
        values
    } else {
        Vec::new()
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
