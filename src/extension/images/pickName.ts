import * as vscode from 'vscode';
import { imageRequests } from '../../host/protocol/image.ts';
import type { Services } from '../services.ts';
import { candidates, findMentions, nextTag } from './imageNames.ts';

const LAST_NAME = 'kubepad.images.lastName';

/** Asks what the image is to be called: a click on a proposal is enough, and any other name can be typed. */
export async function pickName(services: Services, dockerfile: vscode.Uri): Promise<string | undefined> {
  const proposals = await proposalsFor(services, dockerfile);
  const picked = await choose(proposals);
  if (picked !== undefined) await services.context.workspaceState.update(`${LAST_NAME} ${dockerfile.toString()}`, picked);
  return picked;
}

async function proposalsFor({ context, host }: Services, dockerfile: vscode.Uri): Promise<readonly vscode.QuickPickItem[]> {
  const folder = vscode.Uri.joinPath(dockerfile, '..');
  const last = context.workspaceState.get<string>(`${LAST_NAME} ${dockerfile.toString()}`);
  const wanted = candidates(folder, await findMentions(folder));
  const names = [...new Set([...wanted, ...(last === undefined ? [] : [last])])];
  if (names.length === 0) names.push(`localhost:5000/${slug(folder.path.split('/').at(-1) ?? 'image')}:1.0.0`);
  const known = await host.request(imageRequests.known, { references: names });
  return names.flatMap((label, index) => {
    const description = wanted.includes(label) ? 'named by a manifest' : label === last ? 'the name before' : 'by the folder';
    const item = { label, description };
    const next = nextTag(label);
    // A tag that nodes may have keeps what it means: a change gets the next one.
    if (known[index]?.pushed === true && next !== undefined) return [{ label: next, description: `${label} is pushed already` }, item];
    return [item];
  });
}

/** Like a list, but what is typed counts as an entry of it. */
async function choose(proposals: readonly vscode.QuickPickItem[]): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick();
  pick.title = 'Build Image';
  pick.placeholder = 'Name and tag of the image: choose one or type another';
  pick.items = proposals;
  return new Promise((resolve) => {
    pick.onDidChangeValue((value) => {
      const typed = value.trim();
      pick.items =
        typed === '' || proposals.some(({ label }) => label === typed) ? proposals : [{ label: typed, alwaysShow: true }, ...proposals];
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.label ?? (pick.value.trim() || undefined));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'image'
  );
}
