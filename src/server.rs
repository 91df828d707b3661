//! MCP: lists the tools and answers calls, for clients of 2026-07-28 and of the older `initialize` revisions.

pub mod answer;
mod batches;
mod completion;
pub mod consent;
mod elicit;
mod id_of;
mod in_flight;
mod instructions;
pub mod lenient;
mod lines;
mod person;
mod prompts;
mod refusal;
mod resources;
pub mod stdio;
mod written;

use std::sync::{Arc, OnceLock};

use answer::{write_error, write_result};
use completion::Source;
use consent::Loopback;
use person::Client;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, ClientRequest, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, ErrorCode, GetExtensions as _, GetPromptRequestParams,
    GetPromptResponse, Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;
use tracing::Instrument as _;

use crate::names::{clean_line, clip};
use crate::repair::Arguments;
use crate::tools::catalog::Catalog;
use crate::tools::completion::Suggestions;
use crate::tools::error::ToolError;
use crate::tools::landing::Landing;
use crate::tools::panics::{self, Panicked};
use crate::tools::{Answer, Call, Principal, Tools, Unanswered};

/// How long clients may keep the list of tools, in milliseconds: it changes only with another start.
const LIST_TTL_MS: u64 = 3_600_000;

/// The MCP server; a clone is the same server.
#[derive(Clone)]
pub struct Server {
    tools: Arc<Tools>,
    published: Arc<OnceLock<Vec<Tool>>>,
    landing: Option<Arc<dyn Landing>>,
}

impl Server {
    /// A server that offers these tools.
    pub fn new(tools: Arc<Tools>) -> Self {
        Server {
            tools,
            published: Arc::new(OnceLock::new()),
            landing: None,
        }
    }

    /// The same server, which also offers a consent to the person at this machine when a call lacks one; Zoho comes back to
    /// this port of the loopback address.
    #[must_use]
    pub fn offering_consent(mut self, port: u16) -> Self {
        self.landing = Some(Arc::new(Loopback::new(port)));
        self
    }

    fn published(&self) -> Result<&[Tool], ErrorData> {
        if let Some(tools) = self.published.get() {
            return Ok(tools);
        }
        let mut tools = Vec::new();
        for definition in self.catalog()?.tools() {
            tools.push(serde_json::from_value(definition.publish()).map_err(|error| internal(&error))?);
        }
        Ok(self.published.get_or_init(|| tools))
    }

    fn catalog(&self) -> Result<&Catalog, ErrorData> {
        self.tools.catalog().map_err(|error| internal(&error))
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_prompts();
        let capabilities = capabilities.enable_resources().enable_completions();
        ServerConfig::new(capabilities.build())
            .with_server_info(
                Implementation::new("zoho-mcp", env!("CARGO_PKG_VERSION"))
                    .with_title("Zoho Desk and Zoho CRM"),
            )
            .with_instructions(instructions::of(&self.tools))
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let published = panics::guard(|| self.published().map(<[Tool]>::to_vec));
        let list = ListToolsResult::with_all_items(published.map_err(faulty)??);
        Ok(list
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        // The line of the log that tells of the call, and those beneath it, carry the id its client knows.
        let span = tracing::info_span!("request", id = clean_line(clip(&context.id.to_string(), 60)));
        let answer = panics::catch(self.answer(&request, &context).instrument(span)).await;
        answer.unwrap_or_else(|panicked| Ok(write_error(&ToolError::internal(&panicked)).into()))
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let listed = panics::guard(|| prompts::list(self.catalog()?)).map_err(faulty)??;
        Ok(ListPromptsResult::with_all_items(listed)
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let got = panics::guard(|| prompts::get(self.catalog()?, &request));
        Ok(got.map_err(faulty)??.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        panics::catch(self.suggest(&request, &context))
            .await
            .map_err(faulty)?
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        // Cases and records are too many to list: they have addresses of a form.
        Ok(ListResourcesResult::with_all_items(Vec::new())
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let listed = panics::guard(|| resources::list(self.catalog()?)).map_err(faulty)??;
        Ok(ListResourceTemplatesResult::with_all_items(listed)
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let span = tracing::info_span!("request", id = clean_line(clip(&context.id.to_string(), 60)));
        let read = panics::catch(self.read(&request.uri, &context).instrument(span)).await;
        Ok(read.map_err(faulty)??.into())
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        Err(match request.method.as_str() {
            // The SDK takes it for a stranger's when its parameters are not those of the protocol.
            "tools/call" => ErrorData::invalid_params("params.name: the name of a tool, as text", None),
            "prompts/get" => ErrorData::invalid_params(
                "params.name: the name of a prompt, as text; params.arguments: an object of texts",
                None,
            ),
            "completion/complete" => ErrorData::invalid_params(
                "params: ref (ref/prompt with name, or ref/resource with uri) and argument (name and value, texts)",
                None,
            ),
            "resources/read" => {
                ErrorData::invalid_params("params.uri: the address of a resource, as text", None)
            }
            "tools/list" | "prompts/list" | "resources/list" | "resources/templates/list" => {
                ErrorData::invalid_params("params: an object, or none", None)
            }
            method => {
                let told = format!(
                    "no method {}: this server has {}",
                    clean_line(clip(method, 60)),
                    SERVED.join(", ")
                );
                ErrorData::new(ErrorCode::METHOD_NOT_FOUND, told, None)
            }
        })
    }
}

/// What is carried out here or by the SDK itself.
const SERVED: [&str; 12] = [
    "completion/complete",
    "initialize",
    "ping",
    "prompts/get",
    "prompts/list",
    "resources/list",
    "resources/read",
    "resources/templates/list",
    "server/discover",
    "subscriptions/listen",
    "tools/call",
    "tools/list",
];

/// A request of the protocol for what this server does not have (logging, subscriptions) becomes one of an unknown method: the
/// SDK would answer it with no more than the method's name.
fn answer_unserved(request: &mut ClientRequest) {
    let method = request.method();
    if !SERVED.contains(&method) {
        *request = ClientRequest::CustomRequest(CustomRequest {
            method: method.to_owned(),
            params: None,
            extensions: std::mem::take(request.extensions_mut()),
        });
    }
}

fn internal(error: &dyn std::fmt::Display) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}

/// A fault outside of any tool, as an error of the protocol.
fn faulty(panicked: Panicked) -> ErrorData {
    ErrorData::internal_error(ToolError::internal(&panicked).error, None)
}

impl Server {
    /// The call's answer; an unknown tool is an error of the protocol, not of the tool.
    async fn answer(
        &self,
        request: &CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let written = request.arguments.as_ref().map(lenient::read_written);
        let arguments = match &written {
            Some(text) => Arguments::Text(text),
            None => Arguments::Missing,
        };
        let call = Call {
            name: &request.name,
            arguments,
            carried: elicit::read_carried(request),
        };
        let person = Client::of(context, self.landing.as_deref());
        match self.carry_out(call, context, &person).await? {
            Ok(answer) => Ok(write_result(answer).into()),
            Err(Unanswered::Failed(error)) => Ok(write_error(&error).into()),
            Err(Unanswered::Ask(question, state)) => Ok(elicit::input_required(&question, state).into()),
            Err(unknown @ Unanswered::UnknownTool { .. }) => {
                Err(ErrorData::invalid_params(unknown.to_string(), None))
            }
        }
    }
}

impl Server {
    /// Has a call carried out, and its person told meanwhile.
    async fn carry_out(
        &self,
        call: Call<'_>,
        context: &RequestContext<RoleServer>,
        person: &Client<'_>,
    ) -> Result<Result<Answer, Unanswered>, ErrorData> {
        let story = self
            .tools
            .execute_tool_with_repair(call, principal(context)?, person);
        let answer = tokio::select! {
            answer = unless_cancelled(context, story) => answer?,
            never = person.speak_up() => match never {},
        };
        person.fall_silent().await;
        Ok(answer)
    }

    /// What is at an address, by the call of a tool that it stands for; nobody is asked anything.
    async fn read(
        &self,
        uri: &str,
        context: &RequestContext<RoleServer>,
    ) -> Result<ReadResourceResult, ErrorData> {
        let (template, arguments) = resources::find(self.catalog()?, uri)?;
        let written = Value::Object(arguments).to_string();
        let call = Call {
            name: &template.tool,
            arguments: Arguments::Text(&written),
            carried: None,
        };
        let person = Client::of(context, None);
        match self.carry_out(call, context, &person).await? {
            Ok(answer) => Ok(resources::contents(&template, uri, answer)),
            Err(Unanswered::Failed(error)) => Err(resources::failure(uri, &error)),
            Err(other) => Err(internal(&other)),
        }
    }

    /// What an argument of a prompt, or a part of an address, may be.
    async fn suggest(
        &self,
        request: &CompleteRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let typed = request.argument.value.as_str();
        let suggestions = match completion::source(self.catalog()?, request)? {
            Source::Nowhere => Suggestions::default(),
            Source::These(values) => Suggestions::among(values, typed),
            Source::Listed(what, product) => {
                let person = Client::of(context, None);
                let listed = self
                    .tools
                    .suggest((what, product), typed, principal(context)?, &person);
                unless_cancelled(context, listed).await?
            }
        };
        completion::write(suggestions)
    }
}

/// Who sent the message: the transport says so with each.
fn principal(context: &RequestContext<RoleServer>) -> Result<&Principal, ErrorData> {
    let known = context.extensions.get::<Principal>();
    known.ok_or_else(|| ErrorData::internal_error("the transport does not say who calls", None))
}

async fn unless_cancelled<T>(
    context: &RequestContext<RoleServer>,
    work: impl Future<Output = T>,
) -> Result<T, ErrorData> {
    tokio::select! {
        outcome = work => Ok(outcome),
        () = context.ct.cancelled() => Err(ErrorData::internal_error("cancelled", None)),
    }
}
