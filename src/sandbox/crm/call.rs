//! One matched request: the route, the module and ids of its path, and readers for parameters and bodies.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::schema::{Module, Row};
use super::state::Crm;
use super::version::Version;
use crate::http::{Reply, Request};

/// One operation the sandbox serves.
#[derive(Debug)]
pub struct Route {
    /// HTTP method, in capitals.
    pub method: &'static str,
    /// Segments after the version; those in braces stand for any value, `{module}` for a module.
    pub path: &'static str,
    /// The query parameters it reads.
    pub query: &'static [&'static str],
    /// Alternatives, each a set of scopes that must all be granted; `{module}` is the module's scope word.
    pub(crate) scopes: &'static [&'static [&'static str]],
    pub(crate) run: fn(&mut Crm, &Call<'_>) -> Answer,
}

/// A request that found its route.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) version: &'static Version,
    pub(crate) route: &'static Route,
    /// The modules as the user sees them.
    pub(crate) modules: &'static [Module],
    /// The module of the path; routes without one never ask for it.
    pub(crate) module: Option<&'static Module>,
    /// What the other placeholders stand for, in order.
    pub(crate) parts: Vec<&'a str>,
    /// How a request within this one is answered.
    pub(crate) dispatch: fn(&mut Crm, &Request) -> Reply,
}

impl Call<'_> {
    /// The module of the path.
    pub(crate) fn module(&self) -> &'static Module {
        self.module.expect("the route has a module")
    }

    /// A query parameter with a value; only those the route declares may be read.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        debug_assert!(
            self.route.query.contains(&name),
            "{name} is not declared by {} {}",
            self.route.method,
            self.route.path
        );
        self.request.query(name).filter(|value| !value.is_empty())
    }

    /// The module a settings route is asked about.
    pub(crate) fn asked_module(&self) -> Result<&'static Module, Reply> {
        let name = self
            .query("module")
            .ok_or_else(|| answer::parameter_missing("module"))?;
        self.seen(name)
            .ok_or_else(|| answer::module_invalid(&json!({ "param_name": "module" })))
    }

    /// A module by its API name, as the user sees it.
    pub(crate) fn seen(&self, name: &str) -> Option<&'static Module> {
        self.modules.iter().find(|module| module.api_name == name)
    }

    /// The field names of `fields`, at most 50 of them; `None` when the parameter is absent.
    pub(crate) fn fields(&self) -> Result<Option<Vec<String>>, Reply> {
        let Some(text) = self.query("fields") else {
            return Ok(None);
        };
        let fields: Vec<String> = text
            .split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        if fields.len() > 50 {
            let details = json!({ "limit": 50, "param_name": "fields" });
            return Err(answer::refuse(
                400,
                "LIMIT_EXCEEDED",
                &details,
                "maximum limit exceeded",
            ));
        }
        Ok(Some(fields))
    }

    /// Like [`Call::fields`], for routes that insist.
    pub(crate) fn wanted_fields(&self) -> Result<Vec<String>, Reply> {
        self.fields()?
            .filter(|fields| !fields.is_empty())
            .ok_or_else(|| answer::parameter_missing("fields"))
    }

    /// The field names of a list: all of the module where the version asks for none.
    pub(crate) fn listed_fields(&self, module: &Module) -> Result<Vec<String>, Reply> {
        if self.version.needs_fields {
            return self.wanted_fields();
        }
        let all = || module.fields.iter().map(|field| field.api_name.clone()).collect();
        Ok(self
            .fields()?
            .filter(|fields| !fields.is_empty())
            .unwrap_or_else(all))
    }

    /// A whole number of at least 1 and at most `most`.
    pub(crate) fn count(&self, name: &str, default: usize, most: usize) -> Result<usize, Reply> {
        let Some(text) = self.query(name) else {
            return Ok(default);
        };
        let number: usize = text
            .trim()
            .parse()
            .map_err(|_| answer::parameter_invalid(name, json!({ "expected_data_type": "integer" })))?;
        if number < 1 || number > most {
            return Err(answer::parameter_invalid(
                name,
                json!({ "minimum": 1, "limit": most }),
            ));
        }
        Ok(number)
    }

    /// The ids of a comma-separated parameter, at most `most`.
    pub(crate) fn ids(&self, name: &str, most: usize) -> Result<Option<Vec<u64>>, Reply> {
        let Some(text) = self.query(name) else {
            return Ok(None);
        };
        let ids: Result<Vec<u64>, _> = text.split(',').map(|id| id.trim().parse()).collect();
        let ids =
            ids.map_err(|_| answer::parameter_invalid(name, json!({ "expected_data_type": "bigint" })))?;
        if ids.len() > most {
            return Err(answer::refuse(
                400,
                "LIMIT_EXCEEDED",
                &json!({ "limit": most, "param_name": name }),
                "maximum limit exceeded",
            ));
        }
        Ok(Some(ids))
    }

    /// The body as a JSON object.
    pub(crate) fn body(&self) -> Result<Row, Reply> {
        match self.request.json() {
            Some(Value::Object(body)) => Ok(body),
            _ => Err(answer::refuse(
                400,
                "UNABLE_TO_PARSE_DATA_TYPE",
                &json!({}),
                "either the request body or parameters is in wrong format",
            )),
        }
    }

    /// The objects of an array in the body: at least one, at most `most`.
    pub(crate) fn objects(&self, body: &Row, key: &str, most: usize) -> Result<Vec<Row>, Reply> {
        let path = format!("$.{key}");
        let list = match body.get(key) {
            None | Some(Value::Null) => return Err(answer::mandatory(key, &path)),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(answer::invalid("jsonarray", key, &path)),
        };
        if list.is_empty() {
            return Err(answer::mandatory(key, &path));
        }
        if list.len() > most {
            return Err(answer::too_many(most, key));
        }
        let object = |(index, item): (usize, &Value)| match item {
            Value::Object(item) => Ok(self.with_parent_module(item.clone())),
            _ => Err(answer::invalid("jsonobject", key, &format!("{path}[{index}]"))),
        };
        list.iter().enumerate().map(object).collect()
    }

    /// The object with the module of what it hangs on where all versions have it here.
    fn with_parent_module(&self, mut item: Row) -> Row {
        if let Some(module) = item.remove(&self.version.parent_module) {
            item.insert("$se_module".to_owned(), module);
        }
        item
    }

    /// The id of a path part that names a record of `module`; with `X-EXTERNAL: Module.Field` the part is that field's value.
    pub(crate) fn record(&self, crm: &mut Crm, module: &'static Module, part: usize) -> Result<u64, Reply> {
        let text = self.parts[part];
        if let Some(external) = self.request.header("x-external") {
            let name = external
                .strip_prefix(&format!("{}.", module.api_name))
                .filter(|name| module.field(name).is_some_and(|field| field.external));
            let name = name.ok_or_else(|| {
                answer::refuse(
                    400,
                    "INVALID_DATA",
                    &json!({ "header": "X-EXTERNAL" }),
                    "invalid external field",
                )
            })?;
            let found = crm
                .table(module)
                .rows
                .iter()
                .find(|(_, row)| row.get(name).and_then(Value::as_str) == Some(text));
            return found
                .map(|(id, _)| *id)
                .ok_or_else(|| answer::id_invalid(part + 1));
        }
        text.parse().map_err(|_| answer::id_invalid(part + 1))
    }

    /// The id of a record that has to exist.
    pub(crate) fn find(&self, crm: &mut Crm, module: &'static Module, part: usize) -> Result<u64, Reply> {
        let id = self.record(crm, module, part)?;
        if crm.row(module, id).is_some() {
            Ok(id)
        } else {
            Err(answer::id_invalid(part + 1))
        }
    }
}

/// 200 with the object, or 204 when there is nothing to tell.
pub(crate) fn or_nothing(key: &str, data: Vec<Value>, info: Option<Value>) -> Answer {
    if data.is_empty() {
        return Ok(Reply::empty(204));
    }
    let mut body = json!({ key: data });
    if let Some(info) = info {
        body["info"] = info;
    }
    Ok(Reply::json(200, &body))
}
