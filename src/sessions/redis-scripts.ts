// What has to happen as one, in Redis' Lua. Times are the server's: the clocks of replicas differ.

// In a cluster the keys of one script lie in one place: those of a session do, each index by itself.

/**
 * Enters a session into an index, before it is written. KEYS: the index. ARGV: id, absolute ttl.
 * An index is a sorted set of ids by their absolute end; it drops those that are past it and lives as long as its last.
 */
export const INDEX = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`;

/** Writes a session. KEYS: record, tokens, listing. ARGV: the same, ttl. */
export const CREATE = `
for i = 1, 3 do redis.call('SET', KEYS[i], ARGV[i], 'PX', ARGV[4]) end
return 1`;

/** Moves the end of a session that has not ended. KEYS: record, tokens, listing. ARGV: listing, ttl. */
export const TOUCH = `
if redis.call('PEXPIRE', KEYS[1], ARGV[2]) == 0 then return 0 end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * Replaces what a session holds that has not ended, and tells of it in one step. KEYS: record, tokens. ARGV: record, tokens, channel,
 * message.
 */
export const REPLACE = `
local ttl = redis.call('PTTL', KEYS[1])
if ttl <= 0 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl)
redis.call('SET', KEYS[2], ARGV[2], 'PX', ttl)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;

/**
 * Counts one more; a count keeps the end that its first has given it. KEYS: the count. ARGV: the time to live of a new one.
 * @returns the count and its time to live
 */
export const COUNT = `
local ttl = redis.call('PTTL', KEYS[1])
local count = ttl > 0 and redis.call('GET', KEYS[1]) or 0
if ttl <= 0 then ttl = tonumber(ARGV[1]) end
redis.call('SET', KEYS[1], count + 1, 'PX', ttl)
return {count + 1, ttl}`;

/** Gives back a lock that is still the holder's. KEYS: the lock. ARGV: the holder. */
export const UNLOCK = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/**
 * Ends a session and tells of it in one step: nobody can read it any more and not be told. Told even where it was not there, for a
 * process may remember what this server has lost. KEYS: record, tokens, listing. ARGV: channel, id.
 */
export const END = `
redis.call('DEL', unpack(KEYS))
return redis.call('PUBLISH', ARGV[1], ARGV[2])`;

/**
 * Ends a session that should have ended already, and tells of it where it had not. KEYS: record, tokens, listing. ARGV: channel, id.
 * @returns 1 where it had not
 */
export const END_AGAIN = `
if redis.call('DEL', unpack(KEYS)) == 0 then return 0 end
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1`;

/** Publishes where a key lies, and nowhere else. KEYS: the key. ARGV: channel, message. */
export const HEARTBEAT = `
return redis.call('PUBLISH', ARGV[1], ARGV[2])`;

/** KEYS: the value. ARGV: whether it is expected to be there (1 or 0), what it is expected to be, what it becomes. */
export const COMPARE_AND_SET = `
local value = redis.call('GET', KEYS[1])
local expected = ARGV[1] == '1' and ARGV[2]
if value ~= expected then return 0 end
redis.call('SET', KEYS[1], ARGV[3])
return 1`;
