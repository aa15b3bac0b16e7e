/**
 * Which function answers which request. One line each; what they do stands in their own files.
 */
import type { CancellationToken, MessageConnection, RequestHandler, RequestType } from 'vscode-jsonrpc';
import { groupResource, objectKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { combined, type Disposable } from '../../base/lifecycle.ts';
import { drainRound } from '../../kubectl/drain.ts';
import type { Judge } from '../../manifest/judge.ts';
import { foldings, outlineTree, selectionRanges } from '../../manifest/structure.ts';
import { requests, tellExtension, tellWorker, type ClusterInfo, type DocumentDiagnostics } from '../protocol/protocol.ts';
import { rendererFor } from '../rendering/rendererFor.ts';
import { requireMeant } from '../protocol/changes.ts';
import { viewBetween } from '../protocol/choice.ts';
import { hierarchyRequests } from '../protocol/hierarchy.ts';
import { languageRequests } from '../protocol/language.ts';
import { renderingRequests } from '../protocol/rendering.ts';
import type { ObjectRef, ViewId, ViewQuery } from '../protocol/view.ts';
import { controlClock } from './clock.ts';
import { optionsOf, planSummary } from './clusterPlan.ts';
import type { ClusterOptions } from '../../cluster/options.ts';
import type { Connector } from './connector.ts';
import type { Editor } from './editor.ts';
import type { Lenses } from './lenses.ts';
import type { LogFollowers } from './logFollowers.ts';
import { applyFiles, deleteFiles, diffFiles, type ManifestContext } from './manifests.ts';
import * as objects from './objects.ts';
import type { Session } from './session.ts';
import { pastLogs, refusedInPast, shownDescription, shownYaml } from './timeline/pastObjects.ts';

export interface Sessions {
  readonly session: () => Session;
  /** Throws the cluster away; returns the new one. */
  readonly reset: (planned: Partial<ClusterOptions>) => Session;
  /** Everything that was acknowledged is on the disk when this returns. */
  readonly flush: () => void;
  readonly connector: Connector;
}

/** What the editor calls `namespace` for objects that name none, when it does not say. */
const DEFAULT_NAMESPACE = 'default';

/** @param followers are told of files that are closed; the first answers what stands above documents */
export function handleEditorRequests(
  connection: MessageConnection,
  editor: Editor,
  followers: readonly [Lenses, ...{ readonly close: (uri: string) => void }[]],
): void {
  const [lenses] = followers;
  connection.onNotification(tellWorker.documentChanged, (document) => editor.change(document));
  connection.onNotification(tellWorker.documentClosed, ({ uri }) => {
    editor.close(uri);
    for (const follower of followers) follower.close(uri);
  });
  connection.onNotification(tellWorker.filesFound, ({ files }) => editor.found(files));
  connection.onRequest(requests.documentDiagnostics, ({ uri, settings }) => withoutFixes(editor.diagnostics(uri, settings)));
  connection.onRequest(requests.documentHover, (params) => editor.hover(params, DEFAULT_NAMESPACE));
  connection.onRequest(requests.documentCompletion, (params) => editor.completion(params, DEFAULT_NAMESPACE));
  connection.onRequest(languageRequests.signature, (params) => editor.signature(params, params.typed));
  connection.onRequest(languageRequests.tokens, ({ uri, namespace, range }) => editor.tokens(uri, namespace, range));
  connection.onRequest(requests.documentFixes, ({ uri, range }) => editor.fixes(uri, range));
  connection.onRequest(requests.documentFixAll, ({ uri }) => editor.fixAll(uri));
  connection.onRequest(requests.documentFormat, ({ uri, ...options }) => editor.format(uri, options));
  connection.onRequest(requests.documentDefaults, ({ uri, range }) => editor.defaults(uri, range));
  connection.onRequest(requests.documentOutline, ({ uri }) => editor.documents.outline(uri));
  connection.onRequest(requests.documentStructure, ({ uri }) => outlineTree(editor.documents.entries(uri)));
  connection.onRequest(requests.documentDefinition, (params) => editor.definition(params));
  connection.onRequest(requests.documentReferences, (params) => editor.usesOf(params, params.declaration));
  connection.onRequest(requests.documentRenameable, ({ uri, position }) => editor.navigator.renameable(uri, position) ?? null);
  connection.onRequest(requests.documentRename, ({ uri, position, newName }) => editor.navigator.rename(uri, position, newName));
  connection.onRequest(requests.documentLinks, ({ uri }) => editor.links(uri));
  connection.onRequest(requests.documentFoldings, ({ uri }) => foldings(editor.documents.entries(uri)));
  connection.onRequest(requests.documentSelections, ({ uri, position }) => selectionRanges(editor.documents.entries(uri), position));
  connection.onRequest(hierarchyRequests.at, ({ uri, position }) => editor.hierarchy.at(uri, position));
  connection.onRequest(hierarchyRequests.usersOf, (item) => editor.hierarchy.usersOf(item));
  connection.onRequest(hierarchyRequests.usedBy, (item) => editor.hierarchy.usedBy(item));
  connection.onRequest(requests.workspaceSymbols, ({ query }) => editor.navigator.symbols(query));
  connection.onRequest(requests.documentLenses, ({ uri, namespace }) => lenses.ask(uri, namespace));
  connection.onRequest(requests.manifestValidate, ({ files, settings }) => editor.validate(files, settings));
}

/** Fixes are asked for by themselves: with them a file of many findings would be a long message at every key. */
function withoutFixes(answer: DocumentDiagnostics | null): DocumentDiagnostics | null {
  return answer === null ? null : { ...answer, diagnostics: answer.diagnostics.map((each) => ({ ...each, fixes: [] })) };
}

export function handleRenderingRequests(connection: MessageConnection, editor: Editor): void {
  const renderer = rendererFor(editor);
  connection.onRequest(renderingRequests.render, async (params, token) => {
    const stop = new AbortController();
    const subscription = token.onCancellationRequested(() => stop.abort());
    return renderer.render(params, stop.signal).finally(() => subscription.dispose());
  });
}

/** What listens to one cluster, and may be made to listen to another one. */
export interface ClusterListeners {
  readonly leave: () => void;
  readonly enter: () => void;
  /** Throws the editor's cluster away and starts a new one, for others who may do that. */
  readonly reset: (planned: Partial<ClusterOptions>) => ClusterInfo;
}

export function handleClusterRequests(
  connection: MessageConnection,
  judge: Judge,
  sessions: Sessions,
  followers: LogFollowers,
): ClusterListeners {
  const { session } = sessions;
  const rest = (): Session['rest'] => session().rest;
  const views = new Map<ViewId, ViewQuery>();
  const observed = observe(connection, session);
  const enter = (): void => {
    observed.attach();
    for (const [view, query] of views) session().views.query(view, query);
  };

  connection.onRequest(requests.clusterInfo, () => session().info());
  connection.onRequest(requests.clusterPlan, ({ text }) => planSummary(text));
  const reset = (planned: Partial<ClusterOptions>): ClusterInfo => {
    const fresh = sessions.reset(planned);
    enter();
    void sessions.connector.follow().catch(() => undefined);
    return fresh.info();
  };
  connection.onRequest(requests.clusterReset, ({ config }) => reset(config === undefined ? {} : optionsOf(config)));
  connection.onRequest(requests.clusterConnect, ({ folder }) => sessions.connector.connect(folder));
  connection.onRequest(requests.clusterFlush, () => {
    sessions.flush();
    return null;
  });

  const context = (token: CancellationToken, progress: string | undefined): ManifestContext => ({
    rest: rest(),
    judge,
    token,
    onProgress: (done, total, subject) => {
      if (progress !== undefined) void connection.sendNotification(tellExtension.manifestProgress, { progress, done, total, subject });
    },
  });
  /** What changes the cluster that is shown is for the one that was meant. */
  const onChange = <P extends object, R>(
    type: RequestType<P, R, void>,
    act: (params: P, token: CancellationToken) => R | Promise<R>,
  ): void => {
    connection.onRequest(type, ((params: P, token: CancellationToken) => {
      requireMeant(params, session().real?.cluster.target);
      return act(params, token);
    }) as RequestHandler<P, R, void>);
  };
  // Files are about the present: whoever applies, compares or deletes them wants to see what comes of it.
  onChange(requests.manifestApply, (params, token) => {
    session().show(undefined);
    return applyFiles(context(token, params.progress), params);
  });
  connection.onRequest(requests.manifestDiff, (params, token) => {
    session().show(undefined);
    return diffFiles(context(token, params.progress), params);
  });
  onChange(requests.manifestDelete, (params, token) => {
    session().show(undefined);
    return deleteFiles(context(token, undefined), params);
  });

  connection.onRequest(requests.objectGet, (ref) => objects.getOne(session().reads, ref));
  connection.onRequest(requests.objectList, (params) => objects.list(session().reads, params));
  connection.onRequest(requests.objectYaml, (ref) => shownYaml(session(), ref));
  onChange(requests.objectReplace, (params) => refusedInPast(session()) ?? objects.replace(rest(), params));
  onChange(requests.objectCreate, (params) => refusedInPast(session()) ?? objects.create(rest(), params));
  onChange(requests.objectPatch, (params) => refusedInPast(session()) ?? objects.patch(rest(), params));
  onChange(requests.objectDelete, (params) => refusedInPast(session()) ?? objects.remove(rest(), params));
  connection.onRequest(requests.objectDescribe, (ref) => shownDescription(session(), ref));
  onChange(requests.nodeDrain, ({ node, force }) => refusedInPast(session()) ?? drainRound(rest(), node, force));
  connection.onRequest(requests.objectLogs, (params) => {
    const { real } = session();
    if (real !== undefined) return real.logs.read(params);
    if (session().shown.revision !== undefined) return pastLogs(session(), params);
    session().driver.sync();
    return objects.logs(session().cluster, followers, params);
  });
  connection.onNotification(tellWorker.logsUnfollow, ({ follow }) => {
    followers.stop(follow);
    session().real?.logs.stop(follow);
  });
  connection.onRequest(requests.objectObserve, ({ ref, observe: wanted }) => {
    observed.set(ref, wanted);
    return null;
  });

  connection.onRequest(requests.clockControl, (control, token) => {
    const { cluster, driver, onDidClose, real } = session();
    if (real !== undefined) throw new Error('nobody sets the time of a real cluster');
    return controlClock(cluster, rest(), control, token, () => driver.running, onDidClose);
  });

  connection.onNotification(tellWorker.viewQuery, ({ view, query }) => {
    views.set(view, query);
    session().views.query(view, query);
  });
  connection.onNotification(tellWorker.viewClose, ({ view }) => {
    views.delete(view);
    session().views.close(view);
  });
  connection.onRequest(requests.viewLocate, ({ view, key }) => session().views.locate(view, key) ?? null);
  connection.onRequest(viewBetween, ({ view, from, to }) => session().views.between(view, from, to ?? undefined));
  connection.onRequest(requests.viewFind, ({ view, prefix, after }) => session().views.find(view, prefix, after) ?? null);
  return {
    enter,
    leave: () => {
      for (const view of views.keys()) session().views.close(view);
    },
    reset,
  };
}

/** Tells the extension of every write of the objects that it has open. */
function observe(
  connection: MessageConnection,
  session: () => Session,
): { readonly set: (ref: ObjectRef, observe: boolean) => void; readonly attach: () => void } {
  const refs = new Map<string, ObjectRef>();
  let subscription: Disposable | undefined;
  const keyOf = (ref: ObjectRef): string => {
    const resource = session().cluster.api.catalog.strategyForKind(ref.apiVersion, ref.kind)?.resource;
    return resource === undefined ? '' : `${groupResource(resource)} ${objectKey(ref.namespace, ref.name)}`;
  };
  const attach = (): void => {
    subscription?.dispose();
    const tell = (resource: string, key: string, now: KubeObject | undefined): void => {
      const ref = refs.size === 0 ? undefined : refs.get(`${resource} ${key}`);
      if (ref === undefined) return;
      void connection.sendNotification(tellExtension.objectChanged, { ref, resourceVersion: now?.metadata.resourceVersion });
    };
    const { shown, cluster } = session();
    const tellAll = (): void => {
      for (const name of refs.keys()) {
        const [resource = '', key = ''] = name.split(' ');
        tell(resource, key, shown.source.get(resource, key));
      }
    };
    subscription = combined([
      cluster.api.store.onRevision(({ resource, key, type, object }) => {
        if (shown.revision === undefined) tell(resource, key, type === 'DELETED' ? undefined : object);
      }),
      // What is shown of all of them is another moment, even where nothing else has changed.
      shown.onDidMove(tellAll),
    ]);
    // Or that of another cluster.
    tellAll();
  };
  attach();
  return {
    attach,
    set: (ref, wanted) => {
      if (wanted) refs.set(keyOf(ref), ref);
      else refs.delete(keyOf(ref));
    },
  };
}
