// How a workspace file came to be, step by step: step n turns version n - 1 into n. Steps are never changed once they
// were published, only added to.

export const MIGRATIONS: readonly string[] = [
  `create table dataset (
     id integer primary key autoincrement,
     name text not null unique,
     saved_at integer not null,
     bytes integer not null,
     header text not null,
     report text,
     sources text not null,
     about text
   );
   create table blob (
     dataset integer not null references dataset (id),
     name text not null,
     part integer not null,
     data blob not null,
     primary key (dataset, name, part)
   );`,
  // What belongs to the workspace as a whole, as JSON under a name: the scenarios of the window.
  `create table note (
     name text primary key,
     value text not null
   );`,
  // What was written is told from what reads back; what is under way is told from what was interrupted.
  `alter table blob add column sum integer;
   alter table dataset add column sum integer;
   create table doing (
     id integer primary key autoincrement,
     what text not null,
     began_at integer not null,
     mark text not null,
     told_at integer
   );`,
];
