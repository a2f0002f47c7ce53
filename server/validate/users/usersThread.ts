// A worker_threads entry: who uses what a change takes away. createUsers ends it and starts it anew.
import { parentPort, workerData } from 'node:worker_threads';
import { serveGrammars, type GrammarsData } from '../serveGrammars.js';
import { findUsers } from './findUsers.js';
import type { UsersReply, UsersRequest } from './usersMessages.js';

if (parentPort !== null)
  serveGrammars(parentPort, workerData as GrammarsData, (grammars, request: UsersRequest): UsersReply => ({
    id: request.id,
    users: findUsers(request, grammars),
  }));
