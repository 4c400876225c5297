import t from 'tap';
import { schema } from '../../src/commands/schema.ts';
import { settingsJsonSchema } from '../../src/config/index.ts';

t.test('the schema is printed as JSON, status 0', async t => {
  let output = '';
  const status = await schema(text => {
    output += text;
  });
  t.equal(status, 0);
  t.same(JSON.parse(output), settingsJsonSchema());
});
