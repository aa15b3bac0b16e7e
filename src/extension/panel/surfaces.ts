/** The editor panels that the worker tells: of builds, of comparisons, of containers. */
import * as vscode from 'vscode';
import { registerBuildPanel } from '../build/buildPanel.ts';
import { registerComparison } from '../container/compare.ts';
import { registerContainerPanel } from '../container/containerPanel.ts';
import type { Services } from '../services.ts';

export function registerPanelSurfaces(services: Services): vscode.Disposable {
  return vscode.Disposable.from(registerBuildPanel(services), registerComparison(services), registerContainerPanel(services));
}
