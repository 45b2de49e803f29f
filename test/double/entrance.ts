/** Runs before any route: reads the body, checks login and API key. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Sessions } from './sessions.ts';

export function logIn(
  sessions: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  if (request.method !== 'POST')
    return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<form method="post"></form>');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const form = new URLSearchParams(isForm ? body : '');
  if (sessions.logIn(form.get('username') ?? '', form.get('password') ?? ''))
    return void response.writeHead(200, { 'Set-Cookie': sessions.toSetCookie(sessions.create()) }).end();
  response
    .writeHead(401, { 'Content-Type': 'text/plain; charset=utf-8' })
    .end('Username or password is invalid\n');
}

/** What has an extension, and GraphQL, is refused; the rest is led to the login page. */
export function refuse(response: ServerResponse, url: URL, wrongKey: boolean): void {
  const target = url.pathname + url.search;
  if (wrongKey || url.pathname === '/graphql' || path.extname(url.pathname) !== '')
    return void response.writeHead(401, { 'WWW-Authenticate': 'FormBased' }).end();
  const location = `/login?returnURL=${encodeURIComponent(target)}`;
  response.writeHead(302, { 'Content-Type': 'text/html; charset=utf-8', Location: location });
  response.end(`<a href="${location}">Found</a>.\n\n`);
}

/** Path prefix of a proxy that serves Stash below a path. */
export function prefixOf(request: IncomingMessage): string {
  const prefix = request.headers['x-forwarded-prefix'];
  return typeof prefix === 'string' ? prefix.replace(/\/$/, '') : '';
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
