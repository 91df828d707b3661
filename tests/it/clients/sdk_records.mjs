// Zoho's own Node SDK of the version that is named (8.0) against the sandbox of ZOHO_SANDBOX_*: one record is inserted,
// read, updated, found by search and deleted. Ends with 0 and RECORDS OK, or with what went wrong.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const Z = await import(`@zohocrm/nodejs-sdk-${process.argv[2] ?? '8.0'}`);

const url = process.env.ZOHO_SANDBOX_URL;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'sdk'));
const { RecordOperations, Record, BodyWrapper, SearchRecordsParam } = Z.Record;

async function initialize() {
  const token = new Z.OAuthBuilder()
    .clientId(process.env.ZOHO_SANDBOX_CLIENT_ID)
    .clientSecret(process.env.ZOHO_SANDBOX_CLIENT_SECRET)
    .refreshToken(process.env.ZOHO_SANDBOX_REFRESH_TOKEN)
    .build();
  const config = new Z.SDKConfigBuilder().autoRefreshFields(false).pickListValidation(false).build();
  await (await new Z.InitializeBuilder())
    .environment(Z.USDataCenter.setEnvironment(url, `${url}/oauth/v2/token`, url))
    .token(token)
    .store(new Z.FileStore(path.join(work, 'tokens.csv')))
    .SDKConfig(config)
    .resourcePath(work)
    .initialize();
}

function body(values) {
  const record = new Record();
  for (const [name, value] of Object.entries(values)) record.addKeyValue(name, value);
  const wrapper = new BodyWrapper();
  wrapper.setData([record]);
  return wrapper;
}

async function found(contacts, criteria) {
  const params = new Z.ParameterMap();
  await params.add(SearchRecordsParam.CRITERIA, criteria);
  const answer = await contacts.searchRecords(params, new Z.HeaderMap());
  if (answer.getStatusCode() === 204) return [];
  return answer.getObject().getData().map((record) => String(record.getId()));
}

try {
  await initialize();
  const contacts = new RecordOperations('Contacts');
  const headers = new Z.HeaderMap();
  const inserted = await contacts.createRecords(body({ Last_Name: 'Wyrdhollow', Email: 'wyrdhollow@probe.example' }), headers);
  assert.equal(inserted.getStatusCode(), 201);
  const id = BigInt(inserted.getObject().getData()[0].getDetails().get('id'));
  const read = async () => contacts.getRecord(id, new Z.ParameterMap(), headers);
  assert.equal((await read()).getObject().getData()[0].getKeyValue('Last_Name'), 'Wyrdhollow');
  const updated = await contacts.updateRecord(id, body({ Last_Name: 'Wyrdmere' }), headers);
  assert.equal(updated.getStatusCode(), 200);
  assert.equal((await read()).getObject().getData()[0].getKeyValue('Last_Name'), 'Wyrdmere');
  assert.deepEqual(await found(contacts, '(Last_Name:equals:Wyrdmere)'), [String(id)]);
  assert.deepEqual(await found(contacts, '(Last_Name:equals:Wyrdhollow)'), []);
  assert.equal((await contacts.deleteRecord(id, new Z.ParameterMap(), headers)).getStatusCode(), 200);
  assert.equal((await read()).getStatusCode(), 204);
  assert.deepEqual(await found(contacts, '(Last_Name:equals:Wyrdmere)'), []);
  console.log('RECORDS OK');
} catch (error) {
  console.error(error?.message ?? error, error?.code ?? '', error?.details ? JSON.stringify(error.details) : '', error?.stack ?? '');
  process.exitCode = 1;
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}
process.exit();
