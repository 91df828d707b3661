//! A call asks its person inside its own story, whatever the transport: here one that is nothing but a place to come back
//! to and a way to reply.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use tokio::sync::oneshot;
use zoho_mcp::cli::assemble;
use zoho_mcp::repair::Arguments;
use zoho_mcp::sandbox::Options;
use zoho_mcp::tools::landing::{Callback, Judge, Judged, Landing, Reason, Returning};
use zoho_mcp::tools::{Answer, Call, Carried, Coming, Person, Question, Reply, Telling, Tools, Unanswered};

use crate::bed::{Bed, USER, principal};
use crate::visitor::Visitor;

/// A place to come back to whose callbacks the test brings.
#[derive(Default)]
struct Door(Mutex<Option<oneshot::Sender<Callback>>>);

struct Ready(oneshot::Receiver<Callback>);

impl Landing for Door {
    fn open(&self) -> Coming<'_, Result<Box<dyn Returning>, Reason>> {
        let (sender, receiver) = oneshot::channel();
        *self.0.lock().unwrap() = Some(sender);
        let ready: Box<dyn Returning> = Box::new(Ready(receiver));
        Box::pin(std::future::ready(Ok(ready)))
    }
}

impl Returning for Ready {
    fn redirect_uri(&self) -> String {
        "http://127.0.0.1:8976/callback".to_owned()
    }

    fn answered(self: Box<Self>, mut judge: Judge) -> Coming<'static, Result<(), Reason>> {
        Box::pin(async move {
            match judge(self.0.await.unwrap()).await {
                Judged::Awaited(outcome) => outcome,
                other => panic!("{other:?}"),
            }
        })
    }
}

/// Somebody who replies so; one who agrees opens the page and allows access there.
struct Somebody {
    door: Arc<Door>,
    reply: Reply,
    concluded: Arc<AtomicUsize>,
}

impl Somebody {
    fn who_says(reply: Reply) -> Self {
        Somebody {
            door: Arc::default(),
            reply,
            concluded: Arc::default(),
        }
    }

    async fn allow(door: &Door, question: &Question) {
        let Question::Page { url, .. } = question else {
            panic!("no page: {question:?}");
        };
        let back = Visitor::new().allow(url).await;
        let callback = back.query_pairs().into_owned().collect();
        let door = door.0.lock().unwrap().take().unwrap();
        door.send(callback).unwrap();
    }
}

impl Person for Somebody {
    fn say(&self, _: String) -> Telling<'_> {
        Box::pin(std::future::ready(()))
    }

    fn advance(&self, _: u64, _: Option<u64>, _: String) -> Telling<'_> {
        Box::pin(std::future::ready(()))
    }

    fn ask(&self, question: &Question) -> Coming<'static, Reply> {
        let (door, question, reply) = (Arc::clone(&self.door), question.clone(), self.reply);
        Box::pin(async move {
            if reply == Reply::Accepted {
                Somebody::allow(&door, &question).await;
            }
            reply
        })
    }

    fn conclude(&self, _: &Question) -> Telling<'static> {
        let concluded = Arc::clone(&self.concluded);
        Box::pin(async move {
            concluded.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn landing(&self) -> Option<&dyn Landing> {
        Some(self.door.as_ref())
    }
}

async fn tools(bed: &Bed) -> Arc<Tools> {
    let mut config = bed.config(USER);
    config.private.client_id = Some(bed.sandbox.client_id.clone());
    config.private.client_secret = Some(SecretString::from(bed.sandbox.client_secret.clone()));
    assemble::calling(&config, &bed.clock).unwrap().tools
}

async fn call(
    tools: &Tools,
    person: &dyn Person,
    carried: Option<Carried<'_>>,
) -> Result<Answer, Unanswered> {
    let call = Call {
        name: "get_records",
        arguments: Arguments::Text(r#"{"module":"Cases","limit":2}"#),
        carried,
    };
    tools
        .execute_tool_with_repair(call, &principal(USER), person)
        .await
}

#[tokio::test]
async fn who_agrees_within_the_call_gets_its_answer() {
    let bed = Bed::empty(Options::default()).await;
    let (tools, anna) = (tools(&bed).await, Somebody::who_says(Reply::Accepted));
    let answer = call(&tools, &anna, None).await.unwrap();
    assert_eq!(answer.body["count"], 2);
    assert_eq!(anna.concluded.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn who_replies_later_brings_the_state_back() {
    let bed = Bed::empty(Options::default()).await;
    let (tools, anna) = (tools(&bed).await, Somebody::who_says(Reply::Later));
    let asked = |outcome| match outcome {
        Err(Unanswered::Ask(question, state)) => (question, state),
        other => panic!("{other:?}"),
    };
    let (question, state) = asked(call(&tools, &anna, None).await);
    let carried = |reply| {
        let state = state.as_str();
        Some(Carried {
            state,
            reply,
            typed: None,
        })
    };
    let again = asked(call(&tools, &anna, carried(None)).await);
    assert_eq!(again, (question.clone(), state.clone()), "no reply was brought");
    Somebody::allow(&anna.door, &question).await;
    let answer = call(&tools, &anna, carried(Some(Reply::Accepted))).await.unwrap();
    assert_eq!(answer.body["count"], 2);
}

#[tokio::test]
async fn who_declines_or_cannot_be_asked_gets_the_failure() {
    for reply in [Reply::Declined, Reply::CannotAsk] {
        let bed = Bed::empty(Options::default()).await;
        let (tools, anna) = (tools(&bed).await, Somebody::who_says(reply));
        match call(&tools, &anna, None).await {
            Err(Unanswered::Failed(error)) => assert_eq!(error.error, "No Zoho connection found"),
            other => panic!("{other:?}"),
        }
        assert_eq!(anna.concluded.load(Ordering::Relaxed), 0);
    }
}
